/** Seeded percentile bootstrap (Efron 1979): how far a mean would have moved with other instances. */
import { createRng } from "../util/random";

export interface Interval {
  mean: number;
  low: number;
  high: number;
  /** Chance that an interval made this way covers the true mean, about: 0.95. */
  level: number;
}

export interface BootstrapOptions {
  /** Default 10,000. */
  resamples?: number;
  /** Default 0.95. */
  level?: number;
  /** Default 0. Same seed and values, same interval. */
  seed?: number | string;
}

/**
 * The mean of the groups' means with its interval; each group is resampled on its own, for the tasks of a benchmark
 * are given and only their instances are a sample. One group: a plain mean.
 *
 *     bootstrapMean([[1, 0, 1, 1]])          // a task's success rate
 *     bootstrapMean([hotpotqa, gsm8k, …])    // the average of tasks, as in Tables 4 and 9
 *
 * @throws RangeError for no group, or a group without values
 */
export function bootstrapMean(
  groups: readonly (readonly number[])[],
  options: BootstrapOptions = {},
): Interval {
  const { resamples = 10_000, level = 0.95, seed = 0 } = options;
  if (groups.length === 0 || groups.some((g) => g.length === 0))
    throw new RangeError("a bootstrap needs at least one value in every group");
  const rng = createRng(`bootstrap/${seed}`);
  const means = Float64Array.from({ length: resamples }, () => {
    let total = 0;
    for (const group of groups) {
      let sum = 0;
      for (let i = 0; i < group.length; i++) sum += group[Math.floor(rng.next() * group.length)]!;
      total += sum / group.length;
    }
    return total / groups.length;
  }).sort();
  const tail = (1 - level) / 2;
  return {
    mean: mean(groups.map(mean)),
    low: quantile(means, tail),
    high: quantile(means, 1 - tail),
    level,
  };
}

/**
 * The mean of `a − b` with its interval, where `a[g][i]` and `b[g][i]` are of the same instance: pairs are resampled
 * together, so what both find hard cancels out. An interval without 0 says that the two differ.
 *
 * @throws RangeError where the shapes differ
 */
export function bootstrapDifference(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  options: BootstrapOptions = {},
): Interval {
  if (a.length !== b.length || a.some((group, g) => group.length !== b[g]!.length))
    throw new RangeError("a paired difference needs the same instances on both sides");
  return bootstrapMean(
    a.map((group, g) => group.map((value, i) => value - b[g]![i]!)),
    options,
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Linear interpolation between the order statistics, as numpy's default. `sorted` is not empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
