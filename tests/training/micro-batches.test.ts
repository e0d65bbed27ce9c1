import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TokenRow } from "../../lib/training/mask";
import { chooseWidths, microBatches } from "../../lib/training/micro-batches";

const steps = fc.array(fc.array(fc.integer({ min: 2, max: 300 }), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 8,
});
const rowsOf = (lengths: readonly number[]): TokenRow[] =>
  lengths.map((n, r) => ({
    name: `${r}`,
    ids: new Int32Array(n).fill(r),
    trained: new Uint8Array(n).fill(1),
    cut: 0,
  }));

test("every row of a step is in one batch, each batch has a width of the run and is no larger than asked", () => {
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 32, max: 2000 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, room, most) => {
        const widths = chooseWidths(steps, room, most);
        assert.ok(widths.length >= 1 && widths.length <= most);
        assert.ok(widths.at(-1)! >= Math.max(...steps.flat()));
        for (const lengths of steps) {
          const batches = microBatches(rowsOf(lengths), room, widths);
          for (const { batch } of batches) {
            assert.ok(widths.includes(batch.T), `${batch.T} of ${widths}`);
            assert.ok(batch.B === 1 || batch.B * batch.T <= room, `${batch.B} x ${batch.T} of ${room}`);
          }
          const tokens = new Map<number, number>();
          for (const { batch } of batches)
            for (const [i, row] of batch.ids.entries())
              if (batch.segments[i] !== 0) tokens.set(row, (tokens.get(row) ?? 0) + 1);
          assert.deepEqual(
            lengths.map((_, row) => tokens.get(row)),
            lengths,
          );
        }
      },
    ),
  );
});

test("another width is added where it saves more than it costs to compile", () => {
  const step = [300, 290, 40, 40, 40, 40];
  assert.equal(chooseWidths([step], 4096).length, 1);
  const many = Array.from({ length: 400 }, (_, i) => (i % 2 ? [500, 480] : [40, 36, 30, 38]));
  const widths = chooseWidths(many, 4096);
  assert.ok(widths.length > 1 && widths[0]! < 200, `${widths}`);
});

test("no rows need no width", () => {
  assert.deepEqual(chooseWidths([], 100), []);
  assert.deepEqual(chooseWidths([[]], 100), []);
});
