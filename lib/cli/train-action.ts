/** What `agentbank train` does: config and flags together, then the training. */
import { join } from "node:path";
import type { z } from "zod";
import { prepareTorch } from "../training/engines/torch";
import { readTiming, type StepTiming } from "../training/loop";
import { trainingProgress } from "../training/progress";
import { prepareRun, train } from "../training/train";
import { check } from "../util/check";
import { InputError } from "../util/errors";
import type { TrainCommandOptions } from "./train";
import { configOf, configSchema } from "./train-config";

export async function runTrain(options: TrainCommandOptions): Promise<void> {
  const whole = check(configSchema, configOf(options));
  if (options.dryRun) return dryRunTorch(whole);
  const progress = trainingProgress("train");
  try {
    const summary = await train({ ...whole, onStep: progress.onStep, onEvaluation: progress.onEvaluation });
    console.log(`${whole.out}: ${summary.steps} steps, loss ${summary.finalLoss.toFixed(4)}`);
    const speed = speedOf(whole.out);
    if (speed) console.log(`  ${speed}`);
    if (summary.best)
      console.log(`  held out: loss ${summary.best.loss.toFixed(4)} at step ${summary.best.step}`);
    for (const [name, { rows, cut, tokens }] of Object.entries(summary.rows))
      if (rows > 0)
        console.log(`  ${name}: ${rows} rows, ${tokens} tokens${cut > 0 ? `, ${cut} rows cut` : ""}`);
  } finally {
    progress.stop();
  }
}

/** Tokens a second of all steps, and the most memory of the process that took them. */
function speedOf(out: string): string | null {
  const timing = readTiming(join(out, "timing.jsonl"));
  const sum = (of: (timing: StepTiming) => number) => timing.reduce((total, t) => total + of(t), 0);
  const last = timing.at(-1);
  return last?.peak === undefined
    ? null
    : `${(sum((t) => t.tokens) / sum((t) => t.seconds)).toFixed(0)} tokens/s, peak memory ${(last.peak / 1e9).toFixed(1)} GB`;
}

async function dryRunTorch(whole: z.output<typeof configSchema>): Promise<void> {
  if (whole.engine !== "torch") throw new InputError("--dry-run: of the torch engine: add --engine torch");
  const { command, config } = prepareTorch(await prepareRun(whole));
  console.log(`${command}\n\n# accelerate.yaml\n${config.trimEnd()}`);
}
