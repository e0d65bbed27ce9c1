/**
 * The engine for what one process cannot hold: torch under `accelerate launch`, with FSDP over any number of GPUs and
 * machines. It takes no step at a time, as the others do (engine.ts), but a whole run: rows, masks and plan are written
 * to files, and lib/python/train_torch.py trains on them and nothing else. Loss, order of rows, AdamW, schedule and
 * clipping are those of the other engines, so that the curves are equal.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { InputError } from "../../util/errors";
import { ROOT, writeAtomic } from "../../util/files";
import { spikeFault, spikeLimit } from "../guards";
import { type Evaluation, heldOutScalars } from "../held-out";
import { readEvaluations, readMetrics, type StepMetrics } from "../loop";
import { createEventWriter, type EventWriter } from "../tensorboard";
import { type Message, runChild } from "../torch/child";
import { type TorchRun, writeHandover } from "../torch/handover";
import { accelerateConfig, type Launch, launchArguments, parseLaunch } from "../torch/launch";
import { torchMissing, torchPython } from "../torch/python";

export interface TorchOptions extends TorchRun {
  /** `4xA100`, `2x8`, `2xCPU`: see torch/launch.ts. Default: 1xGPU. */
  launch?: string;
  /** Threads of each process. Default: the cores shared out among the processes of a machine, on a CPU; else 1. */
  threads?: number;
  onStep?(metrics: StepMetrics): void;
  onEvaluation?(evaluation: Evaluation): void;
}

const PROGRAM = join(ROOT, "lib", "python", "train_torch.py");

/** The command line and the config of `accelerate launch` for a run, with the handover that it needs written. */
export function prepareTorch(options: TorchOptions): { command: string; config: string } {
  const { launch, handover, run } = prepared(options);
  checkTorch(run, launch);
  writeHandover(handover, run, launch, false);
  const args = launchArguments(launch, join(handover, "accelerate.yaml"), PROGRAM, handover);
  // The machine that asks need not be the one that trains.
  const python = torchMissing() ? "python" : torchPython();
  return { command: [python, ...args].join(" "), config: accelerateConfig(launch, run.settings) };
}

/**
 * Trains to the end and gives the metrics of all steps, and the evaluations; `out` then holds the model. Killed and run
 * again, on as many processes or others, it goes on from its last checkpoint.
 *
 * @throws InputError where torch is missing or a setting is not for it; Error with what the first process that failed
 * said, or naming step and rows when a loss or gradient is not finite, or the loss a spike that is to stop the run.
 */
export async function trainWithTorch(
  options: TorchOptions,
): Promise<{ metrics: StepMetrics[]; evaluations: Evaluation[] }> {
  const { launch, handover, run } = prepared(options);
  checkTorch(run, launch);
  const { out } = run;
  // A run on several machines that was started by its command may be over already.
  if (!isDone(handover, run.identity)) {
    if (launch.machines > 1)
      throw new InputError(
        "launch: several machines: add --dry-run, and start the command that it prints on each of them",
      );
    const missing = torchMissing();
    if (missing) throw new InputError(missing);
    claim(run);
    writeHandover(handover, run, launch, true);
    const processes = launch.processesPerMachine;
    process.stderr.write(
      `torch: starting ${processes} process${processes > 1 ? "es" : ""} (${launch.device})\n`,
    );
    const watch = watcher(run);
    const threads =
      options.threads ?? (launch.device === "cpu" ? Math.ceil(availableParallelism() / processes) : 1);
    await runChild({
      python: torchPython(),
      arguments: launchArguments(launch, join(handover, "accelerate.yaml"), PROGRAM, handover),
      env: { ...process.env, OMP_NUM_THREADS: String(threads), HF_HUB_OFFLINE: "1", PYTHONUNBUFFERED: "1" },
      log: join(handover, "log.txt"),
      onMessage(message: Message) {
        if ("step" in message) {
          watch.step(message);
          options.onStep?.(message);
        }
        if ("evaluated" in message) {
          const { evaluated: step, loss, sources } = message;
          watch.evaluation({ step, loss, sources });
          options.onEvaluation?.({ step, loss, sources });
        }
        if ("failed" in message) throw failed(run, message);
      },
    });
  }
  for (const file of ["tokenizer.json", "tokenizer_config.json", "generation_config.json"])
    if (existsSync(join(run.model, file))) copyFileSync(join(run.model, file), join(out, file));
  rmSync(handover, { recursive: true });
  return {
    metrics: readMetrics(join(out, "metrics.jsonl")),
    evaluations: readEvaluations(join(out, "evaluations.jsonl")),
  };
}

/** What the loop of the other engines does beside training: TensorBoard's events, and a word about a spike. */
function watcher({ out, settings: { spikes } }: TorchRun) {
  const losses: number[] = [];
  let events: EventWriter | undefined;
  return {
    step({ step, loss, learningRate, gradNorm, skipped }: StepMetrics) {
      if (!events) {
        const before = readMetrics(join(out, "metrics.jsonl")).filter((metrics) => metrics.step < step);
        losses.push(...before.map((metrics) => metrics.loss));
        events = createEventWriter(join(out, "tensorboard"), step - 1);
      }
      events.scalars(step, { "train/loss": loss, learningRate, gradNorm });
      const limit = spikeLimit(losses, spikes.factor);
      if (loss > limit)
        process.stderr.write(
          `step ${step}: ${spikeFault(loss, limit, spikes.factor)}${skipped ? "; not trained" : ""}\n`,
        );
      losses.push(loss);
    },
    evaluation(evaluation: Evaluation) {
      events?.scalars(evaluation.step, heldOutScalars(evaluation));
    },
  };
}

/** With whole paths, for the program runs elsewhere. */
function prepared(options: TorchOptions): { launch: Launch; handover: string; run: TorchRun } {
  const { launch = "1xGPU", threads, onStep, onEvaluation, ...run } = options;
  const out = resolve(run.out);
  return {
    launch: parseLaunch(launch),
    handover: join(out, "torch"),
    run: { ...run, out, model: resolve(run.model) },
  };
}

function checkTorch({ settings }: TorchRun, launch: Launch): void {
  const faults: string[] = [];
  if (settings.tied) faults.push("tied: not of the torch engine, which trains a model's own matrices");
  if (settings.attention === "flash_attention_2") {
    if (settings.precision !== "bfloat16")
      faults.push("attention: flash_attention_2 computes in 16 bits: set precision to bfloat16");
    if (launch.device === "cpu") faults.push("attention: flash_attention_2 runs on a GPU");
  }
  if (faults.length > 0) throw new InputError(faults);
}

const isDone = (handover: string, identity: string) =>
  existsSync(join(handover, "done")) && readFileSync(join(handover, "done"), "utf8") === identity;

/** Checkpoints of another training are not gone on from. */
function claim({ out, identity }: TorchRun): void {
  const folder = join(out, "checkpoints");
  const file = join(folder, "identity");
  if (existsSync(file) && readFileSync(file, "utf8") !== identity)
    throw new InputError(`${out} holds checkpoints of another training: take another folder, or remove it`);
  mkdirSync(folder, { recursive: true });
  writeAtomic(file, identity);
}

function failed({ sources, plan }: TorchRun, { failed: step, error }: { failed: number; error: string }) {
  const names = new Set(plan[step - 1]!.map(([source, row]) => sources[source]![row]!.name));
  return new Error(`step ${step}: ${error}; rows: ${[...names].join(", ")}`);
}
