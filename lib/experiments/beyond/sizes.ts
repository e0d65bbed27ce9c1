/** The same bank on bases of different sizes, from the smallest. */
import { resolve } from "node:path";
import type { Interval } from "../../evaluation/bootstrap";
import type { SeedRewards } from "../../evaluation/seeds";
import { loadConfig } from "../../model/checkpoint";
import { parameterShapes } from "../../model/llama";
import type { RunSpec } from "../../runs/spec";
import { ROOT } from "../../util/files";
import type { Preset } from "../preset";
import { bank, base, heldIn, tuned } from "../recipes";
import { average, evaluations, rewardsOf } from "../scores";

export interface SizeRow {
  base: string;
  parameters: number;
  /** Average over held-in tasks in points, before and after tuning. */
  before: Interval;
  after: Interval;
}

export interface Sizes {
  rows: SizeRow[];
  /** Rewards behind each row. */
  rewards: { before: SeedRewards[]; after: SeedRewards[] }[];
}

const modelsOf = (preset: Preset, name: string) => ({
  before: [base(preset, name)],
  after: preset.experiments.beyond.seeds.map((seed) =>
    tuned(preset, { agent: bank(preset), base: base(preset, name), seed }),
  ),
});

/** None where the preset has one base alone: then there is nothing to compare. */
const compared = ({ bases }: Preset): string[] => (bases.length > 1 ? bases.map((b) => b.name) : []);

export const sizeRuns = (preset: Preset): RunSpec[] =>
  compared(preset).flatMap((name) => {
    const { before, after } = modelsOf(preset, name);
    return evaluations(preset, [...before, ...after], heldIn(preset));
  });

export async function measureSizes(preset: Preset): Promise<Sizes> {
  const found: { row: SizeRow; rewards: Sizes["rewards"][number] }[] = [];
  for (const name of compared(preset)) {
    const { before, after } = modelsOf(preset, name);
    const rewards = {
      before: await rewardsOf(preset, before, heldIn(preset)),
      after: await rewardsOf(preset, after, heldIn(preset)),
    };
    const parameters = countParameters(resolve(ROOT, base(preset, name).folder));
    const row = { base: name, parameters, before: average(rewards.before), after: average(rewards.after) };
    found.push({ row, rewards });
  }
  found.sort((a, b) => a.row.parameters - b.row.parameters);
  return { rows: found.map((f) => f.row), rewards: found.map((f) => f.rewards) };
}

/** Numbers in a checkpoint, as its config has them. */
function countParameters(folder: string): number {
  const shapes = Object.values(parameterShapes(loadConfig(folder)));
  return shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
