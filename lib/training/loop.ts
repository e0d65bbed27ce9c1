/** The training loop: steps, metrics as they come, checkpoints, and going on from the last one after a kill. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { writeAtomic } from "../util/files";
import { claimCheckpoints, latestCheckpoint, saveCheckpoint, stateFile } from "./checkpoints";
import { type Engine, type MicroBatch, weightOf } from "./engines/engine";
import { type SpikeGuard, spikeFault, spikeLimit } from "./guards";
import {
  bestOf,
  type Evaluation,
  evaluateHeldOut,
  type HeldOut,
  heldOutScalars,
  patienceSpent,
} from "./held-out";
import { createEventWriter } from "./tensorboard";

/** One line of metrics.jsonl: a function of config, data and backend alone. */
export interface StepMetrics {
  /** From 1. */
  step: number;
  /** Mean loss of the step's trained tokens, in nats. */
  loss: number;
  learningRate: number;
  gradNorm: number;
  /** Tokens that went through the model in this step, without padding. */
  tokens: number;
  /** Those of them that were trained. */
  trained: number;
  /** What else the objective tells: of preferences, their margin and how many are the right way round. */
  scores?: Readonly<Record<string, number>>;
  /** The loss was a spike, and the model stayed as it was. */
  skipped?: true;
}

/** One line of timing.jsonl. */
export interface StepTiming {
  step: number;
  tokens: number;
  seconds: number;
  /** Bytes: the most that the process held since it started; of torch's first process, on a GPU that of the GPU. */
  peak: number;
  /** What it holds, and what of it are tfjs's tensors. */
  rss?: number;
  tensors?: number;
}

export interface LoopOptions {
  engine: Engine;
  steps: number;
  /** The rows of step 0 … steps − 1: a pure function of the step, so that a resumed run sees the same. */
  batches(step: number): readonly MicroBatch[];
  learningRate(step: number): number;
  /** Folder for metrics.jsonl, evaluations.jsonl, timing.jsonl, tensorboard/ and checkpoints. */
  out: string;
  /** Hash of all that determines the result: only a checkpoint of the same is gone on from. */
  identity: string;
  /** Steps between checkpoints. */
  checkpointEvery: number;
  /** How many of the last checkpoints stay; that of the lowest held-out loss stays too. Default 1. */
  keepCheckpoints?: number;
  /** Default: none. With patience, the model ends as it was at its lowest loss. */
  heldOut?: HeldOut | null;
  /** Default: none. */
  spikes?: SpikeGuard | null;
  onStep?(metrics: StepMetrics): void;
  onEvaluation?(evaluation: Evaluation): void;
  /** Called with every checkpoint, before it counts as the latest. */
  onCheckpoint?(step: number): void;
  /** Told what deserves a look. Default: stderr. */
  warn?(note: string): void;
}

export interface LoopResult {
  metrics: StepMetrics[];
  evaluations: Evaluation[];
}

/**
 * Runs the steps that are still to be done and gives the metrics of all. Killed at any moment and started again, it
 * goes on from the last checkpoint to the same numbers: what it decides from losses, it decides from those in its
 * files. Wall-clock times and memory go to timing.jsonl, so that metrics.jsonl is the same to the byte whenever it is
 * computed.
 *
 * @throws Error naming step and rows when a loss or gradient is not finite, or the loss a spike that is to stop the run;
 * InputError when `out` holds checkpoints of something else, or the disk is full.
 */
export async function runLoop(options: LoopOptions): Promise<LoopResult> {
  const { engine, steps, out, heldOut, spikes, keepCheckpoints = 1 } = options;
  const warn = options.warn ?? ((note: string) => void process.stderr.write(`${note}\n`));
  mkdirSync(out, { recursive: true });
  const start = latestCheckpoint(out);
  claimCheckpoints(out, options.identity);
  if (start > 0) engine.restore(stateFile(out, start));
  const metrics = reopen<StepMetrics>(join(out, "metrics.jsonl"), start);
  const evaluations = heldOut ? reopen<Evaluation>(join(out, "evaluations.jsonl"), start) : [];
  reopen<StepTiming>(join(out, "timing.jsonl"), start);
  const events = createEventWriter(join(out, "tensorboard"), start);

  for (let step = start; step < steps && !patienceSpent(evaluations, heldOut?.patience ?? null); step++) {
    const began = performance.now();
    const micro = options.batches(step);
    const learningRate = options.learningRate(step);
    const spike = spikes
      ? spikeLimit(
          metrics.map((m) => m.loss),
          spikes.factor,
        )
      : Number.POSITIVE_INFINITY;
    const limit = spikes?.action === "warn" ? Number.POSITIVE_INFINITY : spike;
    const { loss, gradNorm, scores } = engine.step(micro, learningRate, limit);
    const rows = () => `rows: ${[...new Set(micro.flatMap((m) => m.names))].join(", ")}`;
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
      throw new Error(`step ${step + 1}: loss ${loss}, gradient norm ${gradNorm}; ${rows()}`);
    if (loss > spike) {
      const fault = `step ${step + 1}: ${spikeFault(loss, spike, spikes!.factor)}`;
      if (spikes!.action === "stop") throw new Error(`${fault}; ${rows()}`);
      warn(`${fault}; ${spikes!.action === "skip" ? "not trained; " : ""}${rows()}`);
    }
    const measured: StepMetrics = {
      step: step + 1,
      loss,
      learningRate,
      gradNorm,
      tokens: micro.reduce((n, m) => n + m.batch.segments.reduce((n, s) => n + (s > 0 ? 1 : 0), 0), 0),
      trained: weightOf(micro),
      ...(scores && { scores }),
      ...(loss > limit ? { skipped: true } : {}),
    };
    metrics.push(measured);
    appendFileSync(join(out, "metrics.jsonl"), line(measured));
    const seconds = Number(((performance.now() - began) / 1000).toFixed(4));
    const memory = {
      rss: process.memoryUsage.rss(),
      peak: 1024 * process.resourceUsage().maxRSS,
      tensors: tf.memory().numBytes,
    };
    const timing: StepTiming = { step: step + 1, tokens: measured.tokens, seconds, ...memory };
    appendFileSync(join(out, "timing.jsonl"), line(timing));
    const rates = { tokensPerSecond: measured.tokens / seconds, memoryGB: memory.rss / 1e9 };
    events.scalars(step + 1, { "train/loss": loss, learningRate, gradNorm, ...scores, ...rates });
    options.onStep?.(measured);
    // So that a notebook's progress goes out and its interrupt comes in.
    await nextTurn();

    const last = step + 1 === steps;
    let better = false;
    if (heldOut && (last || (step + 1) % heldOut.every === 0)) {
      const evaluation = evaluateHeldOut(engine, step + 1, heldOut);
      evaluations.push(evaluation);
      appendFileSync(join(out, "evaluations.jsonl"), line(evaluation));
      events.scalars(step + 1, heldOutScalars(evaluation));
      options.onEvaluation?.(evaluation);
      better = bestOf(evaluations) === evaluation;
    }
    if (better || last || (step + 1) % options.checkpointEvery === 0) {
      options.onCheckpoint?.(step + 1);
      saveCheckpoint(engine, out, step + 1, keepCheckpoints, bestOf(evaluations)?.step ?? null);
    }
  }
  const best = bestOf(evaluations);
  if (heldOut?.patience && best && best.step < metrics.length) engine.restore(stateFile(out, best.step));
  return { metrics, evaluations };
}

/** How long the steps of a folder took, as it was written. */
export const readTiming = (path: string): StepTiming[] => readLines(path);

/** The metrics of a folder's steps, as they were written. */
export const readMetrics = (path: string): StepMetrics[] => readLines(path);

/** The evaluations of a folder, as they were written; none where nothing is held out. */
export const readEvaluations = (path: string): Evaluation[] => readLines(path);

/** The lines up to a step; the file is left with those alone. A line cut short by a kill lies behind them. */
function reopen<T extends { step: number }>(path: string, last: number): T[] {
  const kept = readLines<T>(path).filter(({ step }) => step <= last);
  writeAtomic(path, kept.map(line).join(""));
  return kept;
}

function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        return [JSON.parse(text) as T];
      } catch {
        return [];
      }
    });
}

const line = (value: object) => `${JSON.stringify(value)}\n`;
