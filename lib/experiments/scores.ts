/** What experiments ask of evaluations: rewards by task, seed and instance, averages and paired differences. */
import type { Interval } from "../evaluation/bootstrap";
import { bootstrapSeeds, bootstrapStatistic, paired, type SeedRewards } from "../evaluation/seeds";
import { readRewards } from "../runs/read";
import type { EvaluateSpec, ModelSpec } from "../runs/spec";
import type { Preset } from "./preset";
import { evaluation } from "./recipes";

/** Models that differ by the seed of their training alone. */
export type Seeds = readonly ModelSpec[];

/** Every model on every task; `played` makes the evaluation of one. */
export function evaluations(
  preset: Preset,
  models: Seeds,
  tasks: readonly string[],
  played = evaluation,
): EvaluateSpec[] {
  return models.flatMap((model) => tasks.map((task) => played(preset, model, task)));
}

/** The rewards of `evaluations`, a group a task. */
export function rewardsOf(
  preset: Preset,
  models: Seeds,
  tasks: readonly string[],
  played = evaluation,
): Promise<SeedRewards[]> {
  const ofTask = (task: string) =>
    Promise.all(models.map((model) => readRewards(played(preset, model, task))));
  return Promise.all(tasks.map(ofTask));
}

/** The average over tasks in points, 0 to 100, with its interval over seeds and instances. */
export function average(groups: readonly SeedRewards[]): Interval {
  return toPoints(bootstrapSeeds(groups));
}

/** The average over tasks of a − b in points, paired by instance. */
export function gain(a: readonly SeedRewards[], b: readonly SeedRewards[]): Interval {
  return toPoints(bootstrapSeeds(a.map((group, t) => paired(group, b[t]!))));
}

/**
 * The gain from `before` to `after` in % of `before`, as the paper's Figures 2 and 6 have it; null where `before` may
 * be 0, for then it has no bounds.
 */
export function relativeGain(after: readonly SeedRewards[], before: readonly SeedRewards[]): Interval | null {
  const gain = bootstrapStatistic([before, after], ([b, a]) => a! / b! - 1);
  return gain && toPoints(gain);
}

/** An interval of rewards in points, 0 to 100, as the papers print them. */
export function toPoints({ mean, low, high, level }: Interval): Interval {
  return { mean: mean * 100, low: low * 100, high: high * 100, level };
}

/** An interval as a cell of a table or a point of a figure. */
export const bounds = ({ mean, low, high }: Interval) => ({ mean, low, high });
