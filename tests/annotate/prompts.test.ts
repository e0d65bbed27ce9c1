import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  answerForcingPrompt,
  parseSolution,
  parseThoughts,
  reformatPrompt,
  requestKind,
} from "../../lib/annotate/prompts";
import { isPrintable, printReact } from "../../lib/trajectory/react";
import type { Turn } from "../../lib/trajectory/schema";

const turns: Turn[] = [
  { role: "user", content: "Question: 1 + 1?", loss: false },
  { role: "assistant", content: "Action: finish[3]", action: "finish[3]", thought: "", loss: true },
];

const word = fc.stringMatching(/^[a-z0-9 +*?]{1,20}$/).map((s) => s.trim() || "x");
const step = fc.record({ thought: word, action: word }, { noNullPrototype: true }).filter(isPrintable);

test("a solution printed step by step is read back step by step", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      assert.deepEqual(parseSolution(steps.map(printReact).join("\n\n")), steps);
    }),
  );
});

test("observations that the teacher made up are no part of its actions", () => {
  const text = "Thought 1: a\nAction 1: look\nObservation 1: a lamp\nand more\n\nThought 2: b\nAction 2: go";
  assert.deepEqual(parseSolution(text), [
    { thought: "a", action: "look" },
    { thought: "b", action: "go" },
  ]);
});

test("thoughts are read by their numbers, in any order, and never fewer than asked", () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (thoughts) => {
      const lines = thoughts.map((t, i) => `Thought ${i + 1}: ${t}`);
      assert.deepEqual(parseThoughts(lines.reverse().join("\n"), thoughts.length), thoughts);
      assert.equal(parseThoughts(lines.slice(1).join("\n"), thoughts.length), null);
    }),
  );
  assert.equal(parseThoughts("Thought 1:\nThought 2: b", 2), null);
  assert.deepEqual(parseThoughts("Thought 1: a\nAction 1: look\nThought 2: b", 2), ["a", "b"]);
  assert.equal(parseThoughts("Thought 1: a\nAction:\nThought 2: b", 2), null, "no step could hold it");
});

test("roles alternate in every request, and its kind is told from its end", () => {
  const force = answerForcingPrompt(turns, "2");
  const thoughts = reformatPrompt([...turns, { role: "user", content: "Observation: wrong", loss: false }]);
  for (const messages of [force, thoughts])
    assert.deepEqual(
      messages.map((m) => m.role),
      ["user", "assistant", "user"],
    );
  assert.equal(requestKind(force), "answer-forcing");
  assert.equal(requestKind(thoughts), "reformat");
  assert.equal(requestKind(turns), "step");
  assert.match(force.at(-1)!.content, /\n2\n/);
  assert.match(thoughts.at(-1)!.content, /^Observation: wrong\n\n.*1 actions/s);
});
