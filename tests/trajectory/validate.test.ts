import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Turn } from "../../lib/trajectory/schema";
import { turnFaults, validateTrajectory } from "../../lib/trajectory/validate";
import { trajectory } from "./arbitrary";

const user: Turn = { role: "user", content: "Hi", loss: false };
const agent: Turn = {
  role: "assistant",
  content: "Thought: a\nAction: b",
  thought: "a",
  action: "b",
  loss: true,
};

test("sound trajectories pass unchanged", () => {
  fc.assert(fc.property(trajectory, (t) => assert.deepEqual(validateTrajectory(t), t)));
  assert.deepEqual(turnFaults({ turns: [{ ...user, role: "system" }, user, agent] }), []);
  assert.deepEqual(turnFaults({ turns: [user, agent, user] }), [], "a closing observation may end it");
});

test("a model may once have said nothing, for nobody trains on it", () => {
  const silent: Turn = { role: "assistant", content: "", loss: false };
  assert.deepEqual(turnFaults({ turns: [user, silent, user, agent] }), []);
});

test("each rule has its fault", () => {
  const faults: [Turn[], string][] = [
    [[agent], "turn 1 (assistant): expected user"],
    [[user, user, agent], "turn 2 (user): expected assistant"],
    [[user, agent, { ...user, role: "system" }], "turn 3 (system): expected user"],
    [[user], "no assistant turn"],
    [[user, { ...agent, loss: false }], "no turn is trained"],
    [[{ ...user, loss: true }, agent], "turn 1 (user): only assistant turns are trained"],
    [[user, { role: "assistant", content: "\n", loss: true }], "turn 2 (assistant): is blank"],
    [
      [{ ...user, thought: "a", action: "b" }, agent],
      "turn 1 (user): only assistant turns have a thought or an action",
    ],
    [[user, { ...agent, thought: undefined }], "turn 2 (assistant): thought and action come together"],
    [[user, { ...agent, action: " " }], "turn 2 (assistant): its thought and action are no ReAct step"],
    [
      [user, { ...agent, content: "b" }],
      "turn 2 (assistant): its thought and action do not print back to its content",
    ],
  ];
  for (const [turns, fault] of faults)
    assert.ok(turnFaults({ turns }).includes(fault), `${fault}: ${turnFaults({ turns })}`);
});

test("all faults of the schema are told at once", () => {
  assert.throws(
    () => validateTrajectory({ version: 2, id: "", turns: [{ role: "agent", content: 1 }] }),
    (error: Error & { faults: string[] }) => {
      const told = error.faults.map((f) => f.split(":")[0]);
      for (const path of ["version", "id", "task", "turns.0.role", "turns.0.content", "provenance"])
        assert.ok(told.includes(path), `${path} in ${told}`);
      return error.name === "InputError";
    },
  );
});
