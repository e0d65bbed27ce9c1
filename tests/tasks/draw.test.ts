import assert from "node:assert/strict";
import { test } from "node:test";
import { drawInstances } from "../../lib/tasks/draw";

test("asked for more instances than there are different ones, it says how many there are", () => {
  const ten = (count: number) =>
    drawInstances(
      "ten",
      { split: "train", count, seed: 0 },
      (rng) => ({ n: rng.int(0, 9) }),
      ({ n }) => `${n}`,
    );
  assert.equal(new Set(ten(3).map(({ n }) => n)).size, 3);
  assert.throws(() => ten(11), {
    name: "InputError",
    message: /^ten: only \d different train .* 11 asked: ask for fewer$/,
  });
});
