import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPrintable, parseReact, printReact, reactView } from "../../lib/trajectory/react";
import { InputError } from "../../lib/util/errors";

/** Text rich in what could break the grammar: labels, colons, digits, every kind of line end. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 8 }),
      fc.constantFrom(
        "Action:",
        "action 2 :",
        "Thought:",
        "Thought 1:",
        "Observation: ",
        "SELECT a\n  FROM b",
      ),
      fc.constantFrom("\n", "\r\n", "\u2028", " ", "\t"),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));
const step = fc.record({ thought: text, action: text });

test("every printable step comes back from its text", () => {
  let printable = 0;
  fc.assert(
    fc.property(step, (s) => {
      if (!isPrintable(s)) return;
      printable++;
      assert.deepEqual(parseReact(printReact(s)), { thought: s.thought.trim(), action: s.action.trim() });
    }),
    { numRuns: 3000 },
  );
  assert.ok(printable > 1000, `only ${printable} of 3000 steps were printable`);
});

test("what is not printable is refused, never changed", () => {
  fc.assert(
    fc.property(step, (s) => {
      if (!isPrintable(s)) assert.throws(() => printReact(s), InputError);
    }),
  );
  assert.throws(() => printReact({ thought: "a\nAction: b", action: "c" }), /begins with "Action:": a/);
  assert.throws(() => printReact({ thought: "a", action: " \n" }), /needs an action/);
});

test("whatever is parsed can be printed", () => {
  fc.assert(
    fc.property(text, (t) => {
      const parsed = parseReact(t);
      if (parsed) assert.deepEqual(parseReact(printReact(parsed)), parsed);
    }),
    { numRuns: 2000 },
  );
});

test("multi-line actions run to the end, labels and all", () => {
  const action = "execute[SELECT name\nFROM t\nWHERE a = 'Action: b']\nAction: not a second one";
  assert.equal(
    printReact({ thought: "Two lines,\nboth kept.", action }),
    `Thought: Two lines,\nboth kept.\nAction: ${action}`,
  );
  assert.equal(parseReact(printReact({ thought: "x", action }))?.action, action);
});

test("the parser takes what models write", () => {
  const expected = { thought: "Who?", action: "search[Joyce]" };
  for (const text of [
    "Thought: Who?\nAction: search[Joyce]",
    "  \n Thought: Who?\n\n  Action:search[Joyce]\n",
    "Thought 1: Who?\nAction 1: search[Joyce]",
    "THOUGHT: Who?\r\nACTION: search[Joyce]",
    "Who?\nAction: search[Joyce]",
  ])
    assert.deepEqual(parseReact(text), expected, text);
  assert.deepEqual(parseReact("Action: look"), { thought: "", action: "look" });
  assert.deepEqual(parseReact("Thought:\nAction: look"), { thought: "", action: "look" });
  for (const text of ["", "search[Joyce]", "Thought: Action: look", "Thought: Who?\nAction: "])
    assert.equal(parseReact(text), null, text);
});

test("only a turn that prints back to its content carries a view", () => {
  assert.deepEqual(reactView("Thought: a\nAction: b"), { thought: "a", action: "b" });
  assert.deepEqual(reactView("Thought: a\nAction: b\n"), {});
  assert.deepEqual(reactView("Hello."), {});
});
