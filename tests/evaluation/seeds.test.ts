import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mean } from "../../lib/evaluation/bootstrap";
import { bootstrapSeeds, bootstrapStatistic, paired } from "../../lib/evaluation/seeds";
import { createRng } from "../../lib/util/random";

const rewards = fc.array(
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
  {
    minLength: 1,
    maxLength: 4,
  },
);

test("the estimate is the weighted sum of means and lies in its interval", () => {
  fc.assert(
    fc.property(rewards, rewards, (a, b) => {
      const { mean: estimate, low, high } = bootstrapSeeds([a, b], [1, -1], { resamples: 200 });
      assert.ok(Math.abs(estimate - (mean(a.map(mean)) - mean(b.map(mean)))) < 1e-12);
      assert.ok(low <= high);
    }),
    { numRuns: 50 },
  );
});

test("95 % intervals cover the true mean about 95 times in 100, seeds' own scatter included", () => {
  let covered = 0;
  const trials = 200;
  for (let t = 0; t < trials; t++) {
    const rng = createRng(`coverage/${t}`);
    const sample = Array.from({ length: 12 }, () => {
      const skill = 0.5 + 0.1 * rng.normal();
      return Array.from({ length: 60 }, () => (rng.next() < skill ? 1 : 0));
    });
    const { low, high } = bootstrapSeeds([sample], undefined, { resamples: 400, seed: t });
    if (low <= 0.5 && 0.5 <= high) covered++;
  }
  assert.ok(covered / trials > 0.88 && covered / trials < 0.995, `${covered} of ${trials}`);
});

test("a paired difference cancels what both find hard, and refuses other instances", () => {
  const base = [[0, 0, 1, 1]];
  const tuned = [
    [1, 1, 1, 1],
    [0, 1, 1, 1],
  ];
  assert.deepEqual(paired(tuned, base), [
    [1, 1, 0, 0],
    [0, 1, 0, 0],
  ]);
  assert.throws(() => paired([[1, 0]], base), RangeError);
  assert.throws(() => bootstrapSeeds([]), RangeError);
  assert.throws(() => bootstrapSeeds([[[1, 0], [1]]]), RangeError);
});

test("a statistic of averages: its estimate is that of the means, and it lies in its interval", () => {
  const difference = ([a, b]: readonly number[]) => a! - b!;
  fc.assert(
    fc.property(rewards, rewards, (a, b) => {
      const found = bootstrapStatistic([[a], [b]], difference, { resamples: 200 })!;
      assert.ok(Math.abs(found.mean - (mean(a.map(mean)) - mean(b.map(mean)))) < 1e-12);
      assert.ok(found.low <= found.high);
    }),
    { numRuns: 50 },
  );
});

test("a relative gain: certain where the models move together, none where the score before may be 0", () => {
  const gain = ([before, after]: readonly number[]) => after! / before! - 1;
  const before = [[0.2, 0.4, 0.1, 0.3]];
  const doubled = [before[0]!.map((r) => 2 * r)];
  // Instances are drawn once for both models: each resample is doubled too.
  const { mean: estimate, low, high } = bootstrapStatistic([[before], [doubled]], gain)!;
  for (const bound of [estimate, low, high]) assert.ok(Math.abs(bound - 1) < 1e-12, `${bound}`);
  // One success in four: of 10,000 resamples many draw none.
  assert.equal(bootstrapStatistic([[[[0, 0, 0, 1]]], [doubled]], gain), null);
});

test("a single seed meets every other's, and the tasks weigh alike", () => {
  const one = [[1, 1]];
  const several = [
    [0, 0],
    [1, 1],
  ];
  const { mean: estimate } = bootstrapStatistic(
    [
      [one, [[0]]],
      [several, [[1]]],
    ],
    ([a, b]) => b! - a!,
  )!;
  assert.equal(estimate, (0.5 + 1) / 2 - (1 + 0) / 2);
  assert.throws(() => bootstrapStatistic([[one], [[[1]]]], ([a]) => a!), RangeError);
  assert.throws(() => bootstrapStatistic([[one], [one, one]], ([a]) => a!), RangeError);
  assert.throws(() => bootstrapStatistic([], ([a]) => a!), RangeError);
});
