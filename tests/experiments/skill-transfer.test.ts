import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadPreset } from "../../lib/experiments/preset";
import { skillTransfer } from "../../lib/experiments/skill-transfer";
import { light } from "../../lib/report/theme";
import type { EvaluateSpec } from "../../lib/runs/spec";
import { getTask } from "../../lib/tasks/registry";
import { type Skill, skills } from "../../lib/trajectory/schema";
import { fake, ownRuns, shown, taskOf } from "./fake-runs";

before(ownRuns);
const preset = loadPreset("smoke", { experiments: { skillTransfer: { skills: [...skills] } } });

/** The skill that a model is tuned on; null for the baseline. */
function trained({ model }: EvaluateSpec): Skill | null {
  if (model.kind !== "train" || model.agent.length === 0) return null;
  return getTask(model.agent[0]!.from.instances.task).skill;
}

/** Of 20 instances a model solves the first so many. */
const solves =
  (count: (trained: Skill | null, evaluated: Skill) => number) => (spec: EvaluateSpec, i: number) =>
    i < count(trained(spec), getTask(taskOf(spec)).skill) ? 1 : 0;

test("as the paper has it: every skill but embodied transfers, and embodied tasks suffer", async () => {
  fake(
    skillTransfer.runs(preset),
    solves((from, to) => {
      if (from === null) return 8;
      if (from === to) return 18;
      return to === "embodied" ? 2 : from === "embodied" ? 8 : 14;
    }),
  );
  const measured = await skillTransfer.measure(preset);
  const cell = (from: Skill, to: Skill) =>
    measured.cells.find((c) => c.held === "out" && c.trained === from && c.evaluated === to)!;
  assert.equal(Math.round(cell("math", "web").difference.mean), 30);
  assert.equal(Math.round(cell("math", "web").relative!.mean), 75);
  assert.equal(Math.round(cell("web", "embodied").difference.mean), -30);
  assert.deepEqual(
    measured.verdicts.map((v) => v.part ?? null),
    ["reasoning", "math", "programming", "web", "embodied", null],
  );
  assert.deepEqual(shown(measured.verdicts), Array(6).fill("shown"));

  const [, outside] = skillTransfer.draw(measured, preset);
  const figure = JSON.stringify(outside!.draw(light));
  assert.match(figure, /general \+ code data \(%\)/);
  assert.match(figure, /"75\.0 \*"/);
});

test("one foreign skill that does not harm embodied tasks refutes that all do", async () => {
  fake(
    skillTransfer.runs(preset),
    solves((from, to) => (to === "embodied" && from !== null && from !== "web" ? 2 : 8)),
  );
  assert.equal((await skillTransfer.measure(preset)).verdicts.at(-1)!.outcome, "not shown");
});

test("a baseline of 0 has no gain in %: the heatmap is in points, and nothing counts as transfer", async () => {
  fake(
    skillTransfer.runs(preset),
    solves((from, to) => (from === to ? 10 : 0)),
  );
  const measured = await skillTransfer.measure(preset);
  assert.ok(measured.cells.every((c) => c.relative === null));
  assert.deepEqual(shown(measured.verdicts), Array(6).fill("not shown"));
  const [inside] = skillTransfer.draw(measured, preset);
  assert.match(JSON.stringify(inside!.draw(light)), /general \+ code data \(points\)/);
  assert.equal(inside!.rows.filter((row) => row["significant"]).length, 5, "the diagonal alone");
});

test("a preset that trains on few skills says what it cannot test", async () => {
  const few = loadPreset("smoke", { experiments: { skillTransfer: { skills: ["math"] } } });
  fake(skillTransfer.runs(few), () => 0.5);
  const { verdicts } = await skillTransfer.measure(few);
  assert.deepEqual(shown(verdicts), ["not shown", "not testable", "not shown"]);
});
