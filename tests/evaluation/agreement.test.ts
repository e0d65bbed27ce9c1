/** Agreement of raters against statsmodels: tests/expected/fleiss.py made the expected values. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { countsOf, fleissKappa, majority, observedAgreement } from "../../lib/evaluation/agreement";
import { preferences } from "../../lib/evaluation/matched";

const cases: { counts: number[][]; kappa: number }[] = JSON.parse(
  readFileSync(join(__dirname, "..", "fixtures", "fleiss.json"), "utf8"),
);
const nearly = (a: number | null, b: number) =>
  assert.ok(a !== null && Math.abs(a - b) < 1e-12, `${a}, not ${b}`);

test("Fleiss' kappa is statsmodels', and that of his own example", () => {
  assert.equal(cases[0]!.kappa.toFixed(3), "0.210");
  assert.ok(
    cases.length > 40 && cases.some(({ kappa }) => kappa < 0) && cases.some(({ kappa }) => kappa > 0.4),
  );
  for (const { counts, kappa } of cases) nearly(fleissKappa(counts), kappa);
});

test("raters who always agree have kappa 1, and none where they know but one word", () => {
  nearly(
    fleissKappa([
      [3, 0],
      [0, 3],
    ]),
    1,
  );
  assert.equal(
    fleissKappa([
      [3, 0],
      [3, 0],
    ]),
    null,
  );
  nearly(
    observedAgreement([
      [3, 0],
      [3, 0],
    ]),
    1,
  );
  nearly(observedAgreement([[2, 1]]), 1 / 3);
});

test("agreement needs items and as many raters for each", () => {
  for (const counts of [
    [],
    [[1, 0]],
    [
      [2, 0],
      [3, 0],
    ],
  ])
    assert.throws(() => fleissKappa(counts), /the same two raters or more/);
});

test("a majority is more than half; what has none is a tie", () => {
  const verdict = fc.constantFrom(...preferences);
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1, maxLength: 7 }), (verdicts) => {
      const most = majority(verdicts);
      const share = (v: string) => verdicts.filter((w) => w === v).length / verdicts.length;
      assert.ok(most === "tie" ? share("win") <= 0.5 && share("lose") <= 0.5 : share(most) > 0.5);
      assert.equal(
        countsOf(verdicts).reduce((a, b) => a + b),
        verdicts.length,
      );
    }),
  );
});
