"""Four steps of TRL's DPOTrainer, which the kit's preference training must repeat: writes tests/fixtures/dpo.json.

    python tests/expected/dpo.py

torch 2.6, transformers 4.57.6 and trl 1.16 were used. Each step has three pairs of trajectories of several turns; the
collator marks the agent's turns alone as completion, where TRL's own would mark all that follows the first prompt. The
sums of log-probabilities, the reference, the loss, the gradient, its clipping and AdamW are the trainer's.
"""

import json
import os
import tempfile

import torch
from datasets import Dataset
from torch.utils.data import SequentialSampler
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "fixtures")
BASE = os.path.join(FIXTURES, "llama-gqa")
VOCAB, STEPS, PAIRS = 97, 4, 3
SETTINGS = {"learningRate": 0.003, "betas": [0.9, 0.98], "weightDecay": 0.1, "clip": 0.5, "beta": 0.3}


def trajectory(generator, prompt, turns):
    """ids and mask: a prompt, then observation and reply in turn; replies are masked 1."""
    ids, trained = list(prompt), [0] * len(prompt)
    for observation, reply in turns:
        ids += torch.randint(3, VOCAB, (observation + reply,), generator=generator).tolist()
        trained += [0] * observation + [1] * reply
    return {"ids": ids, "trained": trained}


def pairs():
    generator = torch.Generator().manual_seed(11)
    shapes = [
        ([(0, 4), (3, 2)], [(0, 5)]),
        ([(0, 3)], [(0, 2), (4, 3), (2, 5)]),
        ([(0, 6), (1, 1)], [(0, 1), (2, 2)]),
    ]
    made = []
    for _ in range(STEPS):
        for chosen, rejected in shapes:
            prompt = torch.randint(3, VOCAB, (5,), generator=generator).tolist()
            both = [trajectory(generator, prompt, turns) for turns in (chosen, rejected)]
            made.append({"chosen": both[0], "rejected": both[1]})
    return made


def collate(examples):
    rows = [e["chosen"] for e in examples] + [e["rejected"] for e in examples]
    width = max(len(row["ids"]) for row in rows)
    padded = lambda values: torch.tensor([list(v) + [0] * (width - len(v)) for v in values])
    return {
        "input_ids": padded([row["ids"] for row in rows]),
        "attention_mask": padded([[1] * len(row["ids"]) for row in rows]),
        "completion_mask": padded([row["trained"] for row in rows]),
    }


class InOrder(DPOTrainer):
    losses = []

    def _prepare_dataset(self, dataset, *args, **kwargs):
        return dataset

    def _get_train_sampler(self, dataset=None):
        return SequentialSampler(self.train_dataset)

    def compute_loss(self, *args, **kwargs):
        loss = super().compute_loss(*args, **kwargs)
        # What is logged is rounded to four decimals.
        self.losses.append((loss[0] if isinstance(loss, tuple) else loss).item())
        return loss


# Any tokenizer will do: the ids are made above.
tokenizer = PreTrainedTokenizerFast(
    tokenizer_file=os.path.join(HERE, "..", "..", "data", "base", "tokenizer.json"),
    pad_token="<|end|>",
    eos_token="<|end|>",
)
with tempfile.TemporaryDirectory() as folder:
    model = AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)
    trainer = InOrder(
        model=model,
        ref_model=AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32),
        args=DPOConfig(
            output_dir=folder,
            beta=SETTINGS["beta"],
            per_device_train_batch_size=PAIRS,
            max_steps=STEPS,
            learning_rate=SETTINGS["learningRate"],
            lr_scheduler_type="constant",
            weight_decay=SETTINGS["weightDecay"],
            max_grad_norm=SETTINGS["clip"],
            adam_beta1=SETTINGS["betas"][0],
            adam_beta2=SETTINGS["betas"][1],
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            remove_unused_columns=False,
            max_length=None,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        ),
        data_collator=collate,
        train_dataset=Dataset.from_list(pairs()),
        processing_class=tokenizer,
    )
    trainer.train()

logged = [line for line in trainer.state.log_history if "grad_norm" in line]
with torch.no_grad():
    logits = model(input_ids=torch.arange(3, 11)[None]).logits.flatten().tolist()
expected = {
    "settings": SETTINGS,
    "pairsOfAStep": PAIRS,
    "pairs": pairs(),
    "steps": [
        {
            "loss": loss,
            "gradNorm": line["grad_norm"],
            "margin": line["rewards/margins"] / SETTINGS["beta"],
            "accuracy": line["rewards/accuracies"],
        }
        for loss, line in zip(trainer.losses, logged, strict=True)
    ],
    "logits": [round(x, 6) for x in logits],
}
with open(os.path.join(FIXTURES, "dpo.json"), "w") as file:
    json.dump(expected, file)
    file.write("\n")
