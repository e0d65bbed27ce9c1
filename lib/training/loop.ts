/** The training loop: steps, metrics as they come, checkpoints, and going on from the last one after a kill. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";
import type { Engine, MicroBatch } from "./engines/engine";

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
}

export interface LoopOptions {
  engine: Engine;
  steps: number;
  /** The rows of step 0 … steps − 1: a pure function of the step, so that a resumed run sees the same. */
  batches(step: number): readonly MicroBatch[];
  learningRate(step: number): number;
  /** Folder for metrics.jsonl, timing.jsonl and checkpoints. */
  out: string;
  /** Hash of all that determines the result: only a checkpoint of the same is gone on from. */
  identity: string;
  /** Steps between checkpoints. */
  checkpointEvery: number;
  onStep?(metrics: StepMetrics): void;
  /** Called with every checkpoint, before it counts as the latest. */
  onCheckpoint?(step: number): void;
}

/**
 * Runs the steps that are still to be done and gives the metrics of all. Killed at any moment and started again, it
 * goes on from the last checkpoint to the same numbers. Wall-clock times go to timing.jsonl, so that metrics.jsonl is
 * the same to the byte whenever it is computed.
 *
 * @throws Error naming step and rows when a loss or gradient is not finite; InputError when `out` holds checkpoints of
 * something else.
 */
export async function runLoop(options: LoopOptions): Promise<StepMetrics[]> {
  const { engine, steps, out } = options;
  mkdirSync(out, { recursive: true });
  const metricsFile = join(out, "metrics.jsonl");
  const start = latestCheckpoint(out);
  claim(out, options.identity, start);
  if (start > 0) engine.restore(stateFile(out, start));
  const all = readMetrics(metricsFile).slice(0, start);
  writeAtomic(metricsFile, all.map(line).join(""));

  for (let step = start; step < steps; step++) {
    const began = performance.now();
    const micro = options.batches(step);
    const learningRate = options.learningRate(step);
    const { loss, gradNorm } = engine.step(micro, learningRate);
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
      const names = [...new Set(micro.flatMap((m) => m.names))];
      throw new Error(`step ${step + 1}: loss ${loss}, gradient norm ${gradNorm}; rows: ${names.join(", ")}`);
    }
    const metrics = {
      step: step + 1,
      loss,
      learningRate,
      gradNorm,
      tokens: sum(micro, (m) => m.batch.segments.reduce((n, s) => n + (s > 0 ? 1 : 0), 0)),
      trained: sum(micro, (m) => m.targets.rows.length),
    };
    all.push(metrics);
    appendFileSync(metricsFile, line(metrics));
    const seconds = (performance.now() - began) / 1000;
    appendFileSync(join(out, "timing.jsonl"), line({ step: step + 1, seconds: Number(seconds.toFixed(4)) }));
    options.onStep?.(metrics);
    // So that a notebook's progress goes out and its interrupt comes in.
    await nextTurn();
    if ((step + 1) % options.checkpointEvery === 0 || step + 1 === steps) {
      options.onCheckpoint?.(step + 1);
      checkpoint(engine, out, step + 1);
    }
  }
  return all;
}

/** Writes the identity beside the checkpoints, or compares it with the one that is there. */
function claim(out: string, identity: string, start: number): void {
  const file = join(out, "checkpoints", "identity");
  if (start > 0 && readFileSync(file, "utf8") !== identity)
    throw new InputError(`${out} holds checkpoints of another training: take another folder, or remove it`);
  writeAtomic(file, identity);
}

const stateFile = (out: string, step: number) => join(out, "checkpoints", `${step}.safetensors`);

/** State files are written whole and then named, so the highest one is always good; older ones go after it is there. */
function checkpoint(engine: Engine, out: string, step: number): void {
  engine.saveState(stateFile(out, step));
  for (const old of checkpointSteps(out)) if (old < step) rmSync(stateFile(out, old));
}

function checkpointSteps(out: string): number[] {
  const folder = join(out, "checkpoints");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((file) => /^(\d+)\.safetensors$/.exec(file)?.[1] ?? [])
    .map(Number);
}

/** Removes the checkpoints: a finished training has nothing to go on from. */
export const removeCheckpoints = (out: string): void =>
  rmSync(join(out, "checkpoints"), { recursive: true, force: true });

/** The step of the last checkpoint in a folder; 0 where there is none. */
export const latestCheckpoint = (out: string): number => Math.max(0, ...checkpointSteps(out));

function readMetrics(path: string): StepMetrics[] {
  if (!existsSync(path)) return [];
  // A line cut short by a kill lies after the last checkpoint, and goes.
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        return [JSON.parse(text) as StepMetrics];
      } catch {
        return [];
      }
    });
}

const line = (value: object) => `${JSON.stringify(value)}\n`;
const sum = <T>(items: readonly T[], f: (item: T) => number) => items.reduce((n, item) => n + f(item), 0);
