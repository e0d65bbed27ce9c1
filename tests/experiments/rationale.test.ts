import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadPreset } from "../../lib/experiments/preset";
import { rationale } from "../../lib/experiments/rationale";
import { type Arm, ofArm } from "../../lib/experiments/rationale/arms";
import { light } from "../../lib/report/theme";
import type { EvaluateSpec, TrainSpec } from "../../lib/runs/spec";
import { planSteps } from "../../lib/training/mixture";
import { fake, ownRuns, shown } from "./fake-runs";

before(ownRuns);
const preset = loadPreset("smoke", { experiments: { rationale: { trajectories: 8 } } });

/** What an evaluated model was trained on. */
function armOf({ model }: EvaluateSpec): Arm {
  assert.equal(model.kind, "train");
  const [slice] = (model as TrainSpec).agent;
  if (slice!.from.strategies[0] === "explore") return "together";
  return slice!.thoughts === false ? "alone" : "apart";
}

test("an agent is asked for thoughts where it was trained on them, and for actions alone where not", () => {
  const specs = rationale.runs(preset) as EvaluateSpec[];
  assert.equal(specs.length, 3 * 10);
  for (const spec of specs) assert.equal(spec.thoughts, armOf(spec) === "alone" ? false : undefined);
});

test("the steps of a training without thoughts draw the rows that the one with thoughts draws", () => {
  const [apart, alone] = (["apart", "alone"] as const).map(
    (arm) => (ofArm(preset, arm)[0] as TrainSpec).settings,
  );
  assert.deepEqual(apart, alone);
  const { batch, budget, seed } = apart!;
  const drawn = (length: number) => {
    const lengths = Array.from({ length: 40 }, (_, i) => length + (i % 7));
    return planSteps([{ ratio: 1, lengths }], batch, budget, seed);
  };
  assert.deepEqual(drawn(200), drawn(90));
});

test("scores by arm and the verdicts that follow from them", async () => {
  const score: Record<Arm, number> = { together: 0.5, apart: 0.75, alone: 0.25 };
  fake(rationale.runs(preset), (spec) => score[armOf(spec)]);
  const { arms, coverage, shared, verdicts } = await rationale.measure(preset);
  assert.deepEqual(
    arms.map((a) => [a.arm, Math.round(a.in.mean), Math.round(a.out!.mean), a.tasks.length, a.kept, a.of]),
    [
      ["together", 50, 50, 10, 55, 200],
      ["apart", 75, 75, 10, 55, 200],
      ["alone", 25, 25, 10, 55, 200],
    ],
  );
  // Of 11 of a task's difficulties 0, 0.1, …, the first 8 are trained on.
  assert.ok(Math.abs(arms[0]!.difficulty! - 0.35) < 1e-9);
  // The banks written by hand are the same.
  assert.deepEqual([coverage.mean, coverage.low, coverage.high], [0, 0, 0]);
  assert.deepEqual(shared, { instances: 55, identical: 55 });
  assert.deepEqual(
    verdicts.map((v) => [v.source, v.part ?? "", v.outcome, v.measured && Math.round(v.measured.mean)]),
    [
      ["rationale", "held-in", "shown", 50],
      ["rationale", "held-out", "shown", 50],
      ["rationale", "", "not shown", 0],
      ["rationale", "held-in", "shown", 25],
      ["rationale", "held-out", "shown", 25],
      ["rationale", "same instances", "not testable", null],
      ["agenttuning-rationale", "held-in", "shown", 50],
      ["agenttuning-rationale", "held-out", "shown", 50],
    ],
  );
  assert.match(verdicts[3]!.note!, /of 55 instances annotated both ways, 55 have the same text/);
  assert.match(verdicts[5]!.note!, /coverage alone/);
});

test("nothing is shown where all agents are alike; without held-out tasks their verdicts are not testable", async () => {
  const few = loadPreset("smoke", {
    data: { heldOut: [] },
    experiments: { rationale: { trajectories: 8 } },
  });
  fake(rationale.runs(few), () => 0.5);
  const measured = await rationale.measure(few);
  const outcomes = shown(measured.verdicts);
  assert.equal(outcomes.filter((o) => o === "not shown").length, 4);
  assert.equal(outcomes.filter((o) => o === "not testable").length, 4);
  const [figure] = rationale.draw(measured, few);
  assert.doesNotMatch(JSON.stringify(figure!.draw(light)), /Held-out average/);
});

test("the figure has every arm, the averages and every task", async () => {
  fake(rationale.runs(preset), () => 0.5);
  const [figure] = rationale.draw(await rationale.measure(preset), preset);
  const drawn = JSON.stringify(figure!.draw(light));
  for (const text of [
    "actions alone",
    "actions, then thoughts",
    "Held-in average",
    "GSM8K",
    "simulated teacher",
  ])
    assert.ok(drawn.includes(text), text);
});
