import assert from "node:assert/strict";
import { test } from "node:test";
import { replay } from "../../lib/agent";
import {
  goldTexts,
  instanceTexts,
  splitOpening,
  textParts,
  trajectoryTexts,
} from "../../lib/evaluation/overlap-texts";
import { getTask } from "../../lib/tasks/registry";

test("an opening that marks what it asks for is split there, at the last mark", () => {
  assert.deepEqual(splitOpening("Question: what?\nBook\n\nTask: find it\n[1] a link"), {
    instruction: "find it",
    observation: "Question: what?\nBook\n\n\n[1] a link",
  });
  assert.deepEqual(splitOpening("A room.\nYour task is to: cool an egg."), {
    instruction: "Your task is to: cool an egg.",
    observation: "A room.",
  });
  assert.deepEqual(splitOpening("How many? Task: none"), {
    instruction: "How many? Task: none",
    observation: null,
  });
});

test("an instance gives what it asks for and its gold answer, and not what it shows", async () => {
  const [sum] = getTask("gsm8k").generate({ split: "test", count: 1, seed: 0 });
  const { input, references } = await instanceTexts(getTask("gsm8k"), sum!);
  assert.match(input.join(), /How many/);
  assert.deepEqual(references, [getTask("gsm8k").answer(sum!)]);
  const [room] = getTask("alfworld").generate({ split: "test", count: 1, seed: 0 });
  const texts = await instanceTexts(getTask("alfworld"), room!);
  assert.equal(texts.input.length, 1);
  assert.match(texts.input[0]!, /^Your task is to: [^.]*\.$/);
  assert.deepEqual(texts.references, []);
});

test("the gold texts of an instance are those of its gold trajectory, without the prompt", async () => {
  for (const name of ["alfworld", "webshop", "hotpotqa"]) {
    const task = getTask(name);
    const [instance] = task.generate({ split: "test", count: 1, seed: 0 });
    const gold = (await goldTexts(task, instance!))!;
    const steps = (await task.gold(instance!))!;
    const { turns } = await replay({ task, instance: instance!, steps, shots: 0 });
    const trained = trajectoryTexts(turns);
    assert.deepEqual(gold.action, trained.action);
    assert.equal(gold.action.length, steps.length);
    assert.deepEqual(gold.observation.slice(-1), trained.observation.slice(-1));
    for (const part of textParts)
      for (const text of gold[part]) assert.doesNotMatch(text, /Reply with/, name);
    assert.match(Object.values(trained).flat().join("\n"), /Reply with two lines/);
  }
});

test("system turns count to the instruction, and later user turns are observations", () => {
  const said = (role: "system" | "user" | "assistant", content: string) => ({ role, content, loss: false });
  assert.deepEqual(
    trajectoryTexts([said("system", "s"), said("user", "u"), said("assistant", "a"), said("user", "o")]),
    { instruction: ["s", "u"], observation: ["o"], action: ["a"] },
  );
});
