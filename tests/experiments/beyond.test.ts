/** The open questions on hand-written runs. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Episode } from "../../lib/agent";
import { beyond } from "../../lib/experiments/beyond";
import { type ArmName, armEvaluations, armNames, arms } from "../../lib/experiments/beyond/arms";
import { mainResults } from "../../lib/experiments/main-results";
import { loadPreset, type Preset } from "../../lib/experiments/preset";
import { light } from "../../lib/report/theme";
import { dependencies, type EvaluateSpec, type RunSpec, runId } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";
import { writeAtomic } from "../../lib/util/files";
import { writeJsonl } from "../../lib/util/jsonl";
import { fake, ownRuns, shown, taskOf } from "./fake-runs";

before(ownRuns);

const preset = loadPreset("smoke", { experiments: { beyond: { trials: 3, tasks: ["gsm8k", "webshop"] } } });

/** What an arm does on an instance: a reward after each trial, and calls. */
type Told = { rewards: number[]; calls?: number };

/** Writes all that the experiment reads. */
function write(preset: Preset, told: (arm: ArmName, task: string, instance: number) => Told) {
  const runs = beyond.runs(preset);
  fake(runs, () => 0);
  const armOf = new Map<string, ArmName>();
  for (const arm of arms(preset))
    for (const task of arm.tasks)
      for (const spec of armEvaluations(preset, arm, task)) armOf.set(runId(spec), arm.name);
  const episode = ({ rewards, calls = 1 }: Told): Partial<Episode> => ({
    reward: rewards.at(-1)!,
    usage: { calls, promptTokens: 100 * calls, completionTokens: 10 * calls, cost: null },
    ...(rewards.length > 1 && {
      trials: rewards.map((reward) => ({ reward, ending: "submitted", steps: 1, reflection: null })),
    }),
  });
  const visit = (spec: RunSpec) => {
    for (const dependency of dependencies(spec)) visit(dependency);
    mkdirSync(runFolder(spec), { recursive: true });
    const file = (name: string) => join(runFolder(spec), name);
    if (spec.kind === "evaluate" && armOf.has(runId(spec)))
      writeJsonl(
        file("episodes.jsonl"),
        Array.from({ length: 20 }, (_, i) => episode(told(armOf.get(runId(spec))!, taskOf(spec), i))),
      );
    if (spec.kind === "explore") {
      writeJsonl(
        file("episodes.jsonl"),
        Array.from({ length: 4 }, () => episode({ rewards: [0] })),
      );
      const side = (id: string) => ({
        version: 1,
        id,
        task: spec.bank.from.instances.task,
        skill: null,
        instance: "i",
        difficulty: null,
        turns: [
          { role: "user", content: "u", loss: false },
          { role: "assistant", content: "a", loss: true },
        ],
        reward: 1,
        provenance: { strategy: "explore", teacher: "t", simulated: true, source: "generated" },
      });
      writeJsonl(file("pairs.jsonl"), [
        { chosen: side("a"), rejected: side("a/explored") },
        { chosen: side("b"), rejected: side("b/explored") },
        { chosen: side("c/explored"), rejected: side("c") },
      ]);
    }
    if (spec.kind === "prefer")
      writeAtomic(file("train.json"), JSON.stringify({ steps: 2, margin: 1.5, accuracy: 0.75 }));
  };
  for (const spec of runs) visit(spec);
}

const nearly = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} ≠ ${expected}`);

/** The tuned agent solves half of the instances, trained on 12 of 20, and the others as told. */
const better = (arm: ArmName, _task: string, i: number): Told => {
  const solved = (n: number) => [i < n ? 1 : 0];
  switch (arm) {
    case "tuned agent":
      return { rewards: solved(10), calls: 5 };
    case "trained on":
      return { rewards: solved(12), calls: 5 };
    case "retry":
      return { rewards: i < 10 ? [1] : [0, i < 11 ? 1 : 0, 0].slice(0, i === 10 ? 2 : 3), calls: 8 };
    case "Reflexion":
    case "Reflexion, taught":
      return { rewards: i < 10 ? [1] : i < 15 ? [0, 1] : [0, 0, i < 19 ? 1 : 0], calls: 9 };
    case "ReWOO":
      return { rewards: solved(4), calls: 2 };
    case "two roles":
      return { rewards: solved(12), calls: 10 };
    case "planner and actor":
      return { rewards: solved(19), calls: 10 };
    case "ETO":
      return { rewards: solved(18), calls: 5 };
  }
};

test("every arm is measured on the same instances, with its gain and its cost", async () => {
  write(preset, better);
  const { rows, curves, contrasts, preference, plannable, verdicts, sizes } = await beyond.measure(preset);
  assert.deepEqual(
    rows.map((row) => row.arm),
    [...armNames],
  );
  const row = (name: ArmName) => rows.find((r) => r.arm === name)!;
  nearly(row("tuned agent").score.mean, 50);
  nearly(row("Reflexion").gain!.mean, 45);
  nearly(row("ETO").gainOverTraining!.mean, 30);
  assert.deepEqual([row("tuned agent").gain, row("retry").gainOverTraining], [null, null]);
  assert.deepEqual([row("ReWOO").tasks, row("ETO").tasks], [1, 2], "ReWOO plays what can be planned");
  assert.deepEqual([row("ReWOO").calls.mean, row("tuned agent").read.mean], [2, 500]);
  assert.deepEqual([row("two roles").models, row("planner and actor").models], [1, 2]);
  assert.deepEqual(
    curves.find((c) => c.arm === "Reflexion")!.scores.map((s) => Math.round(s.mean)),
    [50, 75, 95],
    "an episode that succeeded stays as it is",
  );
  assert.deepEqual(contrasts[0], { task: "gsm8k", explored: 4, bankBetter: 2, agentBetter: 1 });
  assert.equal(preference.margin, 1.5);
  assert.ok(
    plannable.every((p) => p.planned === 0 && p.why !== null),
    "the fake bank has no plan",
  );
  assert.deepEqual(sizes, []);
  const told = verdicts.map((v) => [v.part ?? v.claim, v.outcome]);
  assert.deepEqual(told.slice(0, 10), [
    ["larger models gain more from trajectory tuning", "not testable"],
    ["over one trial", "shown"],
    ["over the same oracle without reflecting", "shown"],
    ["taught to reflect, over the same oracle", "shown"],
    ["score", "not shown"],
    ["tokens", "shown"],
    ["over the tuned agent", "shown"],
    ["over as much more behavioural cloning", "shown"],
    ["one model in two roles: equal parameters", "not shown"],
    ["two models: twice the parameters", "shown"],
  ]);
  assert.ok(verdicts.slice(10).every((v) => v.outcome === "not testable" && v.note));
});

test("where all do alike, nothing is shown", async () => {
  write(preset, (_arm, _task, i) => ({ rewards: [i % 2] }));
  const { verdicts } = await beyond.measure(preset);
  assert.ok(!shown(verdicts).includes("shown"));
});

test("the tuned agent is that of the main results, and what trains on does so for one budget", () => {
  const main = new Set(mainResults.runs(preset).map(runId));
  const [plain] = arms(preset);
  for (const task of plain!.tasks) assert.ok(main.has(runId(armEvaluations(preset, plain!, task)[0]!)), task);
  const { budget } = preset.experiments.beyond;
  for (const arm of arms(preset).filter((a) => a.trained))
    for (const { model } of arm.seeds) {
      assert.ok(model.kind === "train" || model.kind === "prefer");
      assert.deepEqual(model.settings.budget, budget, arm.name);
      assert.equal(runId(model.base as RunSpec), runId(plain!.seeds[0]!.model as RunSpec), arm.name);
    }
});

test("with two bases the gain of the larger is set against that of the smaller", async () => {
  const [small] = preset.bases;
  // The same folder under another name stands for another base; its size is that of its config.
  const two = { ...preset, bases: [small!, { ...small!, name: "larger" }] };
  write(two, better);
  const isLarger = (spec: EvaluateSpec) => JSON.stringify(spec.model).includes('"larger"');
  const known = new Set(
    arms(two).flatMap((arm) => arm.tasks.flatMap((t) => armEvaluations(two, arm, t).map(runId))),
  );
  fake(
    beyond.runs(two).filter((spec) => spec.kind === "evaluate" && !known.has(runId(spec))),
    (spec, i) => (spec.model.kind === "train" ? Number(i < (isLarger(spec) ? 15 : 10)) : 0),
  );
  const measured = await beyond.measure(two);
  const { sizes, verdicts } = measured;
  assert.deepEqual(
    sizes.map((s) => [s.base, s.before.mean, Math.round(s.after.mean)]),
    [
      ["base", 0, 50],
      ["larger", 0, 75],
    ],
  );
  assert.ok(sizes[0]!.parameters > 1e6);
  assert.deepEqual([verdicts[0]!.outcome, Math.round(verdicts[0]!.measured!.mean)], ["shown", 25]);
  assert.equal(beyond.draw(measured, two).length, 4);
});

test("figures draw, and say that the teacher is simulated", async () => {
  write(preset, better);
  const figures = beyond.draw(await beyond.measure(preset), preset);
  assert.deepEqual(
    figures.map((f) => f.name),
    ["beyond-gain", "beyond-cost", "beyond-trials"],
  );
  for (const { draw, rows } of figures) {
    assert.match(JSON.stringify(draw(light).layout), /simulated teacher/);
    assert.ok(rows.length > 0);
  }
});
