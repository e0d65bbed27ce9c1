import { createRng } from "../util/random";
import { type BootstrapOptions, type Interval, mean, quantile } from "./bootstrap";

/** Rewards by seed of training and by instance: `rewards[seed][instance]`, every seed on the same instances. */
export type SeedRewards = readonly (readonly number[])[];

/**
 * Σ wᵢ·mean(groupᵢ) with its interval, where both the seeds and the instances are samples: a resample draws seeds with
 * replacement, and within each group instances with replacement (a two-level bootstrap).
 *
 *     bootstrapSeeds([hotpotqa, gsm8k])            // the average of tasks
 *     bootstrapSeeds([pseudo, train], [1, -1])     // a difference of sets of different instances
 *
 * @param weights default: 1 / the number of groups
 * @throws RangeError for no group, or one without values, or seeds of different lengths
 */
export function bootstrapSeeds(
  groups: readonly SeedRewards[],
  weights: readonly number[] = groups.map(() => 1 / groups.length),
  options: BootstrapOptions = {},
): Interval {
  const { resamples = 10_000, level = 0.95, seed = 0 } = options;
  if (groups.length === 0 || groups.some((g) => g.length === 0 || g[0]!.length === 0))
    throw new RangeError("a bootstrap needs at least one value in every group");
  if (groups.some((g) => g.some((row) => row.length !== g[0]!.length)))
    throw new RangeError("every seed needs the same instances");
  const rng = createRng(`bootstrap-seeds/${seed}`);
  const draw = (n: number) => Math.floor(rng.next() * n);

  const estimates = Float64Array.from({ length: resamples }, () => {
    let total = 0;
    for (let g = 0; g < groups.length; g++) {
      const rewards = groups[g]!;
      const rows = rewards.map(() => rewards[draw(rewards.length)]!);
      const n = rewards[0]!.length;
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const instance = draw(n);
        for (const row of rows) sum += row[instance]!;
      }
      total += (weights[g]! * sum) / (n * rows.length);
    }
    return total;
  }).sort();
  const tail = (1 - level) / 2;
  return {
    mean: groups.reduce((sum, group, g) => sum + weights[g]! * mean(group.map(mean)), 0),
    low: quantile(estimates, tail),
    high: quantile(estimates, 1 - tail),
    level,
  };
}

/**
 * A statistic of several models' averages over the same tasks, with its interval; null where it is not finite for
 * every resample. `models[m][task][seed][instance]`: a resample draws the instances of each task once for all models,
 * so that what all find hard cancels out, and seeds by their position, so that a model with a single one meets every
 * other's.
 *
 *     bootstrapStatistic([before, after], ([b, a]) => a! / b! - 1)     // a relative gain
 *
 * @throws RangeError where models have different tasks or instances, or there is nothing to average
 */
export function bootstrapStatistic(
  models: readonly (readonly SeedRewards[])[],
  statistic: (averages: readonly number[]) => number,
  options: BootstrapOptions = {},
): Interval | null {
  const { resamples = 10_000, level = 0.95, seed = 0 } = options;
  const sizes = models[0]?.map((rewards) => rewards[0]?.length ?? 0) ?? [];
  if (sizes.length === 0 || sizes.includes(0)) throw new RangeError("a bootstrap needs at least one value");
  for (const model of models)
    if (
      model.length !== sizes.length ||
      model.some((task, t) => task.length === 0 || task.some((row) => row.length !== sizes[t]))
    )
      throw new RangeError("a statistic of several models needs the same instances of each");
  const rng = createRng(`bootstrap-statistic/${seed}`);
  const draw = (n: number) => Math.floor(rng.next() * n);
  const most = Math.max(...models.flatMap((model) => model.map((task) => task.length)));

  const estimates = Float64Array.from({ length: resamples }, () => {
    const averages = models.map(() => 0);
    for (const [t, n] of sizes.entries()) {
      const places = Array.from({ length: most }, () => rng.next());
      const rows = models.map((model) => {
        const own = model[t]!;
        return Array.from({ length: own.length }, (_, s) => own[Math.floor(places[s]! * own.length)]!);
      });
      const sums = models.map(() => 0);
      for (let i = 0; i < n; i++) {
        const instance = draw(n);
        for (const [m, own] of rows.entries()) for (const row of own) sums[m]! += row[instance]!;
      }
      for (const [m, own] of rows.entries()) averages[m]! += sums[m]! / (n * own.length * sizes.length);
    }
    return statistic(averages);
  }).sort();
  const estimate = statistic(models.map((model) => mean(model.map((task) => mean(task.map(mean))))));
  if (![estimate, estimates[0]!, estimates.at(-1)!].every(Number.isFinite)) return null;
  const tail = (1 - level) / 2;
  return { mean: estimate, low: quantile(estimates, tail), high: quantile(estimates, 1 - tail), level };
}

/** `a − b` by seed and instance, for a paired difference; one side may have a single seed, which then meets every other. */
export function paired(a: SeedRewards, b: SeedRewards): number[][] {
  const seeds = Math.max(a.length, b.length);
  const at = (rewards: SeedRewards, s: number) => rewards[rewards.length === 1 ? 0 : s];
  return Array.from({ length: seeds }, (_, s) => {
    const [x, y] = [at(a, s), at(b, s)];
    if (!x || !y || x.length !== y.length)
      throw new RangeError("a paired difference needs the same instances");
    return x.map((value, i) => value - y[i]!);
  });
}
