import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { planSteps } from "../../lib/training/mixture";

const source = (count: number, length: number, ratio: number) => ({
  lengths: Array.from({ length: count }, (_, i) => length + (i % 3)),
  ratio,
});

test("shares are of tokens, however long the rows of a source are", () => {
  const sources = [source(200, 300, 0.8), source(500, 30, 0.1), source(50, 90, 0.1)];
  const tokens = [0, 0, 0];
  for (const [s, row] of planSteps(sources, { tokens: 1024 }, { tokens: 2_000_000 }, 1).flat())
    tokens[s]! += sources[s]!.lengths[row]!;
  const total = tokens.reduce((a, b) => a + b, 0);
  [0.8, 0.1, 0.1].forEach((share, i) => {
    assert.ok(Math.abs(tokens[i]! / total - share) < 0.02, `source ${i}: ${tokens[i]! / total}`);
  });
});

test("within a source every row comes once before any comes again", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer(), (count, seed) => {
      const rows = planSteps([source(count, 5, 1)], { rows: 3 }, { epochs: 2 }, seed)
        .flat()
        .map(([, row]) => row);
      assert.equal(rows.length, 2 * count);
      for (const pass of [rows.slice(0, count), rows.slice(count)]) assert.equal(new Set(pass).size, count);
    }),
  );
});

test("the plan is a function of its seed, and sources without a share are never drawn", () => {
  const sources = [source(9, 5, 0), source(9, 5, 0.5), { lengths: [], ratio: 0.5 }];
  const plan = (seed: number) => planSteps(sources, { rows: 4 }, { steps: 6 }, seed);
  assert.deepEqual(plan(3), plan(3));
  assert.notDeepEqual(plan(3), plan(4));
  assert.ok(plan(3).every((step) => step.length === 4 && step.every(([s]) => s === 1)));
  assert.equal(plan(3).length, 6);
  assert.throws(() => planSteps([source(3, 5, 0)], { rows: 1 }, { steps: 1 }, 0), /no source/);
});

test("a token budget is met and not exceeded by more than one row", () => {
  const sources = [source(10, 20, 1)];
  const tokens = planSteps(sources, { rows: 8 }, { tokens: 1000 }, 0)
    .flat()
    .reduce((sum, [s, row]) => sum + sources[s]!.lengths[row]!, 0);
  assert.ok(tokens >= 1000 && tokens < 1000 + 23);
});
