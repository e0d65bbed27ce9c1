"""Writes tests/fixtures/llama-{gqa,tied}: two tiny random Llamas and what transformers computes with them.

Needs torch, transformers and safetensors:  python tests/expected/llama_tiny.py
"""

import json
import os

import torch
from transformers import LlamaConfig, LlamaForCausalLM

HERE = os.path.dirname(os.path.abspath(__file__))
VOCAB, T = 97, 16

# Two rows: two packed texts and padding; one text. 0 is padding.
SEGMENTS = [[1] * 6 + [2] * 7 + [0] * 3, [1] * 16]


def build(name, seed, **changes):
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=VOCAB, hidden_size=32, intermediate_size=56, num_hidden_layers=3, max_position_embeddings=64,
        bos_token_id=1, eos_token_id=2, rms_norm_eps=1e-5, initializer_range=0.3, **changes,
    )
    model = LlamaForCausalLM(config).float().eval()
    # Norms of ones would hide a gain that is not applied.
    for key, p in model.named_parameters():
        if "norm" in key:
            p.data.uniform_(0.5, 1.5)
    folder = os.path.join(HERE, "..", "fixtures", name)
    model.save_pretrained(folder, safe_serialization=True)

    ids = torch.randint(3, VOCAB, (2, T))
    segments = torch.tensor(SEGMENTS)
    positions = torch.zeros_like(ids)
    for b in range(2):
        for t in range(1, T):
            if segments[b, t] == segments[b, t - 1]:
                positions[b, t] = positions[b, t - 1] + 1
    causal = torch.ones(T, T, dtype=torch.bool).tril()
    seen = (segments[:, :, None] == segments[:, None, :]) & causal
    mask = torch.where(seen, 0.0, -1e9)[:, None]
    logits = model(input_ids=ids, position_ids=positions, attention_mask=mask).logits

    # Next-token targets inside each text, every third one masked, with uneven weights.
    rows, labels, weights = [], [], []
    for b in range(2):
        for t in range(T - 1):
            if segments[b, t] and segments[b, t] == segments[b, t + 1] and t % 3:
                rows.append(b * T + t)
                labels.append(ids[b, t + 1].item())
                weights.append(1.0 + len(rows) % 4)
    weights = [w / sum(weights) for w in weights]
    flat = logits.reshape(-1, VOCAB)[rows]
    losses = torch.nn.functional.cross_entropy(flat, torch.tensor(labels), reduction="none")
    loss = (losses * torch.tensor(weights)).sum()
    loss.backward()
    norms = {k: p.grad.norm().item() for k, p in model.named_parameters()}

    prompts = [ids[1, :n].tolist() for n in (1, 5, 16)]
    greedy = [
        model.generate(
            torch.tensor([p]), attention_mask=torch.ones(1, len(p)), max_new_tokens=24, do_sample=False,
            eos_token_id=None, pad_token_id=0,
        )[0, len(p):].tolist()
        for p in prompts
    ]
    expected = {
        "batch": {
            "ids": ids.flatten().tolist(), "positions": positions.flatten().tolist(),
            "segments": segments.flatten().tolist(), "B": 2, "T": T,
        },
        "targets": {"rows": rows, "labels": labels, "weights": weights},
        "logits": [round(x, 6) for x in logits.flatten().tolist()],
        "loss": loss.item(),
        "gradientNorms": norms,
        "gradientNorm": sum(n * n for n in norms.values()) ** 0.5,
        "prompts": prompts,
        "greedy": greedy,
    }
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file)


build("llama-gqa", 1, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=False, rope_theta=10000.0)
build("llama-tied", 2, num_attention_heads=2, num_key_value_heads=2, tie_word_embeddings=True, rope_theta=100000.0)
