import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { evaluate, parseDecimal, printDecimal } from "../../lib/envs/arithmetic";

const value = (expression: string) => printDecimal(evaluate(expression));

test("values of everyday expressions", () => {
  const expected: Record<string, string> = {
    "2 + 3 * 4": "14",
    "(2 + 3) * 4": "20",
    "80,000 * 1.5": "120000",
    "0.1 + 0.2": "0.3",
    "10 / 3": "3.333333",
    "2 / 3": "0.666667",
    "7 % 3": "1",
    "-7 % 3": "2",
    "20% * 5": "1",
    "50%-1": "-0.5",
    "-(4 - 6)": "2",
    "3--2": "5",
    "10 - 4 - 3": "3",
    "100 / 5 / 2": "10",
    ".5 + .25": "0.75",
    "0 - 0.0000001": "0",
  };
  for (const [expression, result] of Object.entries(expected))
    assert.equal(value(expression), result, expression);
});

test("what is no expression is a SyntaxError that says why", () => {
  const faults: Record<string, RegExp> = {
    "": /not complete/,
    "2 +": /not complete/,
    "(2": /not complete/,
    "2 3": /unexpected "3"/,
    "2 x 3": /unexpected "x"/,
    "2 ** 3": /unexpected "\*"/,
    "1 / 0": /division by zero/,
    "1 % 0": /division by zero/,
    "process.exit(1)": /unexpected "p"/,
    [`${"(".repeat(400)}1`]: /too long/,
  };
  for (const [expression, reason] of Object.entries(faults))
    assert.throws(() => evaluate(expression), { name: "SyntaxError", message: reason }, expression);
});

/** Random expressions with the value that JavaScript's bigints give them. */
const expressions = fc.letrec<{ tree: { text: string; value: bigint } }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: 0, max: 99 }).map((n) => ({ text: String(n), value: BigInt(n) })),
    fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*"), tie("tree")).map(([a, operator, b]) => ({
      text: `(${a.text} ${operator} ${b.text})`,
      value: operator === "+" ? a.value + b.value : operator === "-" ? a.value - b.value : a.value * b.value,
    })),
  ),
})).tree;

test("whole numbers agree with JavaScript's own bigints", () => {
  fc.assert(
    fc.property(expressions, ({ text, value: expected }) => {
      fc.pre(text.length <= 300);
      assert.equal(value(text), String(expected));
    }),
  );
});

test("no text makes it throw anything but a SyntaxError", () => {
  const text = fc.string({ unit: fc.constantFrom(..."0123456789.,+-*/%() x") });
  fc.assert(
    fc.property(text, (expression) => {
      try {
        evaluate(expression);
      } catch (error) {
        assert.ok(error instanceof SyntaxError);
      }
    }),
  );
});

test("decimals are read and printed back", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 }), (n, places) => {
      const text = String(n / 10 ** places);
      fc.pre(!text.includes("e"));
      assert.equal(printDecimal(parseDecimal(text)!), text);
    }),
  );
  for (const text of ["", ".", "-", "1.2.3", "12,34", "five"]) assert.equal(parseDecimal(text), null, text);
});
