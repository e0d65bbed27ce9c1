import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bootstrapDifference, bootstrapMean, quantile } from "../../lib/evaluation/bootstrap";
import { createRng } from "../../lib/util/random";

const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);

test("quantiles interpolate as numpy's do", () => {
  // numpy.quantile([1, 2, 4, 8, 16], [0, .1, .5, .85, 1])
  const values = [1, 2, 4, 8, 16];
  const found = [0, 0.1, 0.5, 0.85, 1].map((q) => quantile(values, q));
  for (const [i, expected] of [1, 1.4, 4, 11.2, 16].entries()) close(found[i]!, expected, 1e-12);
});

test("for a hundred coin flips the interval is the normal approximation's", () => {
  const flips = Array.from({ length: 100 }, (_, i) => (i < 30 ? 1 : 0));
  const { mean, low, high } = bootstrapMean([flips]);
  const half = 1.96 * Math.sqrt((0.3 * 0.7) / 100);
  assert.equal(mean, 0.3);
  close(low, 0.3 - half, 0.011);
  close(high, 0.3 + half, 0.011);
});

test("the average of tasks varies as independent tasks do", () => {
  const a = Array.from({ length: 50 }, (_, i) => (i < 25 ? 1 : 0));
  const b = Array.from({ length: 200 }, (_, i) => (i < 20 ? 1 : 0));
  const { mean, low, high } = bootstrapMean([a, b]);
  close(mean, 0.3, 1e-12);
  const half = (1.96 * Math.sqrt(0.25 / 50 + 0.09 / 200)) / 2;
  close(high - low, 2 * half, 0.012);
});

test("intervals of 95 % cover the truth about 95 times in 100", () => {
  const rng = createRng("coverage");
  let covered = 0;
  for (let run = 0; run < 300; run++) {
    const sample = Array.from({ length: 60 }, () => rng.normal() + 2);
    const { low, high } = bootstrapMean([sample], { resamples: 1000, seed: run });
    if (low <= 2 && 2 <= high) covered++;
  }
  close(covered / 300, 0.94, 0.035);
});

test("pairing removes what both sides share", () => {
  const rng = createRng("pairs");
  const hardness = Array.from({ length: 80 }, () => rng.next());
  const better = hardness.map((h) => h + 0.05 + 0.02 * rng.normal());
  const paired = bootstrapDifference([better], [hardness]);
  assert.ok(paired.low > 0.03 && paired.high < 0.07, JSON.stringify(paired));
  assert.throws(() => bootstrapDifference([[1, 2]], [[1]]), /same instances/);
});

test("intervals are a function of values and seed, hold the mean, and stay within the values' range", () => {
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 3 }), fc.nat(), (groups, seed) => {
      const options = { resamples: 200, seed };
      const interval = bootstrapMean(groups, options);
      assert.deepEqual(bootstrapMean(groups, options), interval);
      assert.ok(interval.low <= interval.high);
      const smallest = groups.reduce((sum, g) => sum + Math.min(...g), 0) / groups.length;
      const largest = groups.reduce((sum, g) => sum + Math.max(...g), 0) / groups.length;
      assert.ok(interval.low >= smallest - 1e-12 && interval.high <= largest + 1e-12);
    }),
  );
  assert.deepEqual(bootstrapMean([[0.5]]), { mean: 0.5, low: 0.5, high: 0.5, level: 0.95 });
  assert.throws(() => bootstrapMean([]), /at least one value/);
  assert.throws(() => bootstrapMean([[1], []]), /at least one value/);
});
