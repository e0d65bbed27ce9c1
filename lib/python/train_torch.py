"""Fine-tunes a Hugging Face model on rows that the kit made: accelerate launch … train_torch.py HANDOVER

HANDOVER is the folder that lib/training/torch/handover.ts writes and describes. Nothing is tokenised, masked, drawn or
scheduled here: every step's rows, their division among the processes and the learning rate are read from it.

Not TRL's SFTTrainer, whose losses and gradients these are (tests/expected/trl_steps.py), because it takes as many rows
in every step and every micro-batch: a plan by tokens, a short last step and packed micro-batches of uneven rows do not
go in. FSDP is torch's fully_shard, with the options of
accelerate's config, because accelerate itself shards on no CPU, where this is tested.

The loss of a step is the mean over its trained tokens, whichever process has them. A process reads the rows of a
micro-batch as one, positions restarting with each, which is what keeps them apart in transformers' attention (SDPA's
mask and FlashAttention's lengths alike), and only the trained positions reach the vocabulary:

    ids        a a a a b b b
    positions  0 1 2 3 0 1 2
    logits at      2     5        trained: the last token of a, and of b

Rows that are held out are evaluated every N steps, patience ends the training, and spikes are skipped or stop it, all
by lib/training/held-out.ts and guards.ts, from losses that every process has.

Standard output is JSON lines, of the first process {"step": …, "loss": …}, {"evaluated": …, "loss": …} and {"saved": …},
of any {"error": …}.
"""

import json
import os
import resource
import shutil
import sys
import threading
import time
import traceback

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from accelerate import FullyShardedDataParallelPlugin
from safetensors import safe_open
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    get_state_dict,
    set_state_dict,
)
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from transformers import AutoModelForCausalLM


def say(**message):
    # One write, so that the lines of several processes never interleave.
    os.write(1, (json.dumps(message) + "\n").encode())


def end_with_parent():
    """Standard input is a pipe of the kit's: its end is the kit's, however that came."""

    def wait():
        while os.read(0, 4096):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


class Failed(Exception):
    """A step that ends the training: its loss or gradient is not finite, or a spike."""


def load(job, plugin, device):
    """The model, sharded: what is trained in float32. One process of a machine after another, for memory's sake."""
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    precision = MixedPrecisionPolicy(
        param_dtype=torch.bfloat16 if job["precision"] == "bfloat16" else None, reduce_dtype=torch.float32
    )
    options = {"mesh": mesh, "mp_policy": precision, "offload_policy": plugin.cpu_offload}
    options["reshard_after_forward"] = plugin.reshard_after_forward and not patch_streams(device)
    for turn in range(int(os.environ["LOCAL_WORLD_SIZE"])):
        if turn == int(os.environ["LOCAL_RANK"]):
            model = AutoModelForCausalLM.from_pretrained(
                job["model"], dtype=torch.float32, attn_implementation=job["attention"]
            )
            blocks = model._no_split_modules
            if plugin.activation_checkpointing:
                model.gradient_checkpointing_enable({"use_reentrant": False})
            if job["lora"]:
                torch.manual_seed(job["seed"])
                model = with_lora(model, job)
            for module in model.modules():
                if type(module).__name__ in blocks:
                    fully_shard(module, **options)
            fully_shard(model, **options)
        dist.barrier()
    return model.train()


def gradient_factor(device):
    """What FSDP multiplies gradients that are the same on every process by: 1 where it takes their mean, as over NCCL,
    or their number where it takes the sum, as torch 2.6 does over gloo."""
    world = dist.get_world_size()
    probe = torch.nn.Linear(1, world, bias=False, device=device)
    fully_shard(probe, mesh=init_device_mesh(device.type, (world,)))
    probe(torch.ones(1, 1, device=device)).sum().backward()
    return probe.weight.grad.full_tensor().mean().item()


def patch_streams(device):
    """torch before 2.7 shards on a CPU only without events, of which a CPU has none, and without resharding."""
    if device.type != "cpu" or hasattr(torch.cpu.Stream, "record_event"):
        return False
    torch.cpu.Stream.record_event = lambda self, event=None: torch.cpu.Event()
    torch.cpu.Stream.wait_event = lambda self, event: None
    return True


def with_lora(model, job):
    from peft import LoraConfig, get_peft_model

    lora = job["lora"]
    return get_peft_model(
        model,
        LoraConfig(
            task_type="CAUSAL_LM", r=lora["rank"], lora_alpha=lora["alpha"], target_modules=lora["targets"]
        ),
    )


def make_optimizer(model, job):
    """AdamW as lib/training/optimizer.ts has it: decay on matrices alone."""
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": job["weightDecay"]},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=0.0, betas=tuple(job["betas"]), eps=1e-8)


class Rows:
    """Token rows, read from the file as they are needed."""

    def __init__(self, path):
        self.file = safe_open(path, framework="pt")
        self.starts = self.file.get_tensor("starts").tolist()
        self.ids = self.file.get_slice("ids")
        self.trained = self.file.get_slice("trained")

    def batch(self, rows, device):
        """Ids and positions [1, T] of rows end to end; where they are trained, and on what, both [R]."""
        ids, positions, at, labels = [], [], [], []
        length = 0
        for row in rows:
            start, end = self.starts[row], self.starts[row + 1]
            text = self.ids[start:end].long()
            # The first token of a row is predicted from nothing.
            trained = self.trained[start:end][1:].nonzero().flatten()
            ids.append(text)
            positions.append(torch.arange(end - start))
            at.append(trained + length)
            labels.append(text[trained + 1])
            length += end - start
        return [torch.cat(part).to(device) for part in (ids, positions, at, labels)]


def loss_of(model, rows, batch, device):
    """Summed loss of a micro-batch, in nats. Each process passes through the model, rows or none, for the others wait."""
    ids, positions, at, labels = rows.batch(batch or [0], device)
    if not batch:
        at, labels = at[:0], labels[:0]
    some = at if len(at) else torch.zeros(1, dtype=torch.long, device=device)
    logits = model(
        input_ids=ids[None], position_ids=positions[None], use_cache=False, logits_to_keep=some
    ).logits[0]
    if not len(at):
        return logits.float().sum() * 0
    return torch.nn.functional.cross_entropy(logits.float(), labels, reduction="sum")


def spike_limit(losses, factor):
    """As lib/training/guards.ts: so many times the median of the last 64 losses, once there are 16."""
    window = sorted(losses[-64:])
    return factor * window[len(window) // 2] if len(losses) >= 16 else float("inf")


def train_step(model, optimizer, rows, step, job, scale, losses, device):
    """One update; gives its line of metrics: the mean loss, and the norm of the gradient before clipping."""
    total = torch.zeros((), device=device)
    for batch in step["processes"][dist.get_rank()]:
        loss = loss_of(model, rows, batch, device) / step["trained"]
        (loss * scale).backward()
        total += loss.detach()
    dist.all_reduce(total)
    norm = torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.grad is not None], job["clip"])
    loss, norm = total.item(), norm.full_tensor().item()
    if not (abs(loss) < float("inf") and norm < float("inf")):
        raise Failed(f"loss {loss}, gradient norm {norm}")
    factor, action = job["spikes"]["factor"], job["spikes"]["action"]
    limit = spike_limit(losses, factor)
    if loss > limit and action == "stop":
        raise Failed(f"loss {loss:.4f} is above {limit:.4f}, {factor} times the median before it")
    skipped = loss > limit and action == "skip"
    if not skipped:
        for group in optimizer.param_groups:
            group["lr"] = step["learningRate"]
        optimizer.step()
    optimizer.zero_grad()
    line = {"step": step["step"], "loss": loss, "learningRate": step["learningRate"], "gradNorm": norm}
    line |= {"tokens": step["tokens"], "trained": step["trained"]}
    return line | {"skipped": True} if skipped else line


@torch.no_grad()
def evaluate(model, rows, sources, device):
    """Mean loss over the trained tokens of all sources, and of each."""
    model.eval()
    losses = {}
    for name, source in sources.items():
        total = torch.zeros((), device=device)
        for batch in source["processes"][dist.get_rank()]:
            total += loss_of(model, rows, batch, device) / source["trained"]
        dist.all_reduce(total)
        losses[name] = total.item()
    model.train()
    trained = sum(source["trained"] for source in sources.values())
    mean = sum(losses[name] * source["trained"] / trained for name, source in sources.items())
    return {"loss": mean, "sources": losses}


def best_of(evaluations):
    """The evaluation of the lowest loss, the first of equal ones."""
    return min(evaluations, key=lambda e: e["loss"], default=None)


def patience_spent(evaluations, patience):
    """Whether the last `patience` evaluations brought no lower loss."""
    return bool(
        patience and evaluations and len(evaluations) - 1 - evaluations.index(best_of(evaluations)) >= patience
    )


# State: a folder for each checkpoint, renamed to its name once it is whole.


def state_of(model, optimizer, job):
    model_state, optimizer_state = get_state_dict(
        model, optimizer, options=StateDictOptions(ignore_frozen_params=bool(job["lora"]))
    )
    return {"model": model_state, "optimizer": optimizer_state}


def last_checkpoint(folder):
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return max((int(name) for name in names if name.isdigit()), default=0)


def save_state(model, optimizer, job, step, best):
    """Of the checkpoints before it, that of the step `best` stays."""
    folder = job["checkpoints"]
    target = os.path.join(folder, str(step))
    dcp.save(state_of(model, optimizer, job), checkpoint_id=target + ".tmp")
    dist.barrier()
    if dist.get_rank() == 0:
        os.rename(target + ".tmp", target)
        for name in os.listdir(folder):
            if name not in (str(step), str(best)):
                shutil.rmtree(os.path.join(folder, name))
    dist.barrier()


def restore(model, optimizer, job, step):
    state = state_of(model, optimizer, job)
    dcp.load(state, checkpoint_id=os.path.join(job["checkpoints"], str(step)))
    set_state_dict(
        model,
        optimizer,
        model_state_dict=state["model"],
        optim_state_dict=state["optimizer"],
        options=StateDictOptions(strict=not job["lora"]),
    )


def save_model(model, job, handover):
    """The whole model as a Hugging Face folder; of LoRA the adapter in peft's format, and the model with it merged."""
    options = StateDictOptions(full_state_dict=True, cpu_offload=True, ignore_frozen_params=bool(job["lora"]))
    weights = get_model_state_dict(model, options=options)
    if dist.get_rank() != 0:
        return
    plain = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
    if job["lora"]:
        adapted = with_lora(plain, job)
        adapted.load_state_dict(weights, strict=False)
        adapted.save_pretrained(job["out"] if not job["lora"]["merge"] else os.path.join(job["out"], "adapter"))
        if not job["lora"]["merge"]:
            return
        plain = adapted.merge_and_unload()
    else:
        plain.load_state_dict(weights)
    # Whole before it takes the place of what is there.
    whole = os.path.join(handover, "model")
    plain.to(torch.bfloat16 if job["precision"] == "bfloat16" else torch.float32).save_pretrained(whole)
    for name in os.listdir(whole):
        os.replace(os.path.join(whole, name), os.path.join(job["out"], name))


def lines_until(path, step):
    """Lines of the steps up to a checkpoint; what a killed run wrote behind it, the last line perhaps in part, goes."""
    if not os.path.exists(path):
        return []
    with open(path) as file:
        lines = [json.loads(line) for line in file if line.endswith("\n")]
    return [line for line in lines if line["step"] <= step]


def append(path, line):
    with open(path, "a") as file:
        file.write(json.dumps(line) + "\n")


def peak_memory(device):
    """Bytes that this process held at most: of the GPU, or of the machine where it trains on a CPU."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run(handover):
    with open(os.path.join(handover, "job.json")) as file:
        job = json.load(file)
    if job["watch"]:
        end_with_parent()
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if job["device"] == "cuda" else torch.device("cpu")
    if device.type == "cuda":
        wanted, found = int(os.environ["LOCAL_WORLD_SIZE"]), torch.cuda.device_count()
        if found < wanted:
            raise ValueError(f"{wanted} GPUs of this machine are to train, torch {torch.__version__} finds {found}")
        torch.cuda.set_device(device)
    dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    with open(os.path.join(handover, "steps.jsonl")) as file:
        steps = [json.loads(line) for line in file]
    if len(steps[0]["processes"]) != dist.get_world_size():
        raise ValueError(f"made for {len(steps[0]['processes'])} processes, started as {dist.get_world_size()}")
    rows = Rows(os.path.join(handover, "rows.safetensors"))
    model = load(job, FullyShardedDataParallelPlugin(), device)
    optimizer = make_optimizer(model, job)
    # The gradient of a step is the sum over the processes.
    scale = dist.get_world_size() / gradient_factor(device)
    os.makedirs(job["checkpoints"], exist_ok=True)
    start = last_checkpoint(job["checkpoints"])
    if start:
        restore(model, optimizer, job, start)
    first = dist.get_rank() == 0
    paths = {name: os.path.join(job["out"], name + ".jsonl") for name in ("metrics", "evaluations", "timing")}
    kept = {name: lines_until(path, start) for name, path in paths.items()}
    dist.barrier()
    for name, lines in kept.items() if first else ():
        if lines or os.path.exists(paths[name]):
            with open(paths[name], "w") as file:
                file.writelines(json.dumps(line) + "\n" for line in lines)
    losses = [line["loss"] for line in kept["metrics"]]
    evaluations = kept["evaluations"]
    held_out = job["evaluation"]
    patience = held_out and held_out["patience"]

    done = start
    for step in steps[start:]:
        if patience_spent(evaluations, patience):
            break
        began = time.perf_counter()
        try:
            line = train_step(model, optimizer, rows, step, job, scale, losses, device)
        except Failed as error:
            if first:
                say(failed=step["step"], error=str(error))
            sys.exit(1)
        done = step["step"]
        losses.append(line["loss"])
        if first:
            seconds = round(time.perf_counter() - began, 4)
            append(paths["metrics"], line)
            append(
                paths["timing"],
                {"step": done, "tokens": step["tokens"], "seconds": seconds, "peak": peak_memory(device)},
            )
            say(**line)
        better = False
        if held_out and (done == len(steps) or done % held_out["every"] == 0):
            evaluations.append({"step": done} | evaluate(model, rows, held_out["sources"], device))
            better = best_of(evaluations) is evaluations[-1]
            if first:
                append(paths["evaluations"], evaluations[-1])
                say(**{("evaluated" if key == "step" else key): value for key, value in evaluations[-1].items()})
        if done < len(steps) and (done % job["checkpointEvery"] == 0 or (better and patience)):
            best = best_of(evaluations)
            save_state(model, optimizer, job, done, best and best["step"])
    if patience and best_of(evaluations)["step"] < done:
        restore(model, optimizer, job, best_of(evaluations)["step"])
    save_model(model, job, handover)
    if first:
        with open(os.path.join(handover, "done"), "w") as file:
            file.write(job["identity"])
        say(saved=job["out"])
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    try:
        run(sys.argv[1])
    except Exception as error:
        traceback.print_exc()
        say(error=f"{type(error).__name__}: {error}"[:3000])
        # Not sys.exit: the others may be waiting for this process, and it for them.
        os._exit(1)
