import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { levels, sharedOut } from "../../lib/experiments/breadth";
import { diversity } from "../../lib/experiments/diversity";
import { loadPreset } from "../../lib/experiments/preset";
import { scaling } from "../../lib/experiments/scaling";
import { type EvaluateSpec, runId } from "../../lib/runs/spec";
import { getTask } from "../../lib/tasks/registry";
import { fake, ownRuns, shown, taskOf } from "./fake-runs";

before(ownRuns);

test("shared out, all trajectories are there and no task has two more than another", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(names, fc.nat(500), (tasks, more) => {
      const counts = Object.values(sharedOut(tasks, tasks.length + more));
      assert.equal(counts.length, tasks.length);
      assert.equal(
        counts.reduce((a, b) => a + b, 0),
        tasks.length + more,
      );
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
    }),
  );
  assert.throws(() => sharedOut(["a", "b"], 1), /1 trajectories are too few for 2 tasks/);
});

test("levels are nested, and hold a task once", () => {
  assert.deepEqual(levels([["a", "b"], ["c"], ["a", "d"]]), [
    ["a", "b"],
    ["a", "b", "c"],
    ["a", "b", "c", "d"],
  ]);
});

const groups = [
  ["gsm8k", "webshop"],
  ["mathqa", "mind2web"],
];
/** The hand-written banks hold 11 trajectories of each task. */
const preset = loadPreset("smoke", {
  experiments: {
    scaling: {
      tasks: { groups, trajectories: 10 },
      trajectories: { tasks: ["gsm8k", "webshop"], perTask: [2, 5, "all"], seeds: [0, 1] },
    },
    diversity: { groups, trajectories: 10, perTask: [2, "all"] },
  },
});

/** Trajectories of each task that a model is trained on. */
const counts = ({ model }: EvaluateSpec) =>
  model.kind === "train"
    ? Object.fromEntries(model.agent.map((part) => [part.from.instances.task, part.count]))
    : {};
const heldOut = (spec: EvaluateSpec) => getTask(taskOf(spec)).evaluation!.held === "out";

test("scaling: each axis from the fewest to the most; the ends alone have every seed", async () => {
  const solved: Record<string, number> = { 2: 4, 3: 4, 5: 8, null: 16 };
  fake(scaling.runs(preset), (spec, i) => (i < solved[String(counts(spec)["gsm8k"])]! ? 1 : 0));
  const { points, verdicts } = await scaling.measure(preset);
  const out = points.filter((point) => point.held === "out");
  assert.deepEqual(
    out.map((p) => [p.axis, p.tasks, p.trajectories, p.seeds, Math.round(p.score.mean)]),
    [
      ["tasks", 2, 10, 1, 40],
      ["tasks", 4, 10, 1, 20],
      ["trajectories", 2, 4, 2, 20],
      ["trajectories", 2, 10, 1, 40],
      ["trajectories", 2, 22, 2, 80],
    ],
  );
  // Spread over four tasks, gsm8k has 3 or 2 trajectories: here this harms.
  assert.deepEqual(shown(verdicts), ["not shown", "shown", "shown"]);
  assert.match(verdicts[0]!.test, /4 − 2 tasks of the same skills that share 10 trajectories/);
});

test("scaling: the held-in line is of the tasks that every point of its axis is trained on", () => {
  const evaluated = scaling
    .runs(preset)
    .filter((run) => run.kind === "evaluate")
    .map(taskOf)
    .filter((task) => getTask(task).evaluation!.held === "in");
  assert.deepEqual(new Set(evaluated), new Set(["gsm8k", "webshop"]));
});

test("levels that cover other skills than the first are a fault of the preset", () => {
  const other = { tasks: { groups: [["gsm8k"], ["mind2web"]] } };
  assert.throws(
    () => loadPreset("smoke", { experiments: { scaling: other } }),
    /scaling\.tasks: groups must cover the same skills/,
  );
});

test("diversity: what breadth takes from the first group, brings to others, and does to unseen tasks", async () => {
  fake(diversity.runs(preset), (spec, i) => {
    const trained = counts(spec)[taskOf(spec)];
    const broad = Object.keys(counts(spec)).length > 2;
    // Unseen tasks profit from breadth alone, seen ones from every trajectory.
    if (heldOut(spec)) return i < (broad ? 10 : 2) ? 1 : 0;
    return trained === undefined ? 0 : i < (trained ?? 20) ? 1 : 0;
  });
  const { arms, effects, verdicts } = await diversity.measure(preset);
  assert.deepEqual(
    arms.map((arm) => [arm.axis, arm.tasks, arm.trajectories]),
    [
      ["breadth", 2, 10],
      ["breadth", 4, 10],
      ["volume", 2, 4],
      ["volume", 2, 22],
    ],
  );
  const [breadth, volume] = effects.map((effect) => effect.effects);
  const points = (interval: { mean: number } | undefined) => interval && Math.round(interval.mean * 10) / 10;
  // 5 and 5 of 20 instances become 3 and 3, 3 and 2, …: the first two tasks have the larger shares.
  assert.equal(points(breadth!["first group"]), -10);
  assert.equal(points(breadth!["held-out"]), 40);
  assert.equal(points(volume!["first group"]), 90);
  assert.equal(points(volume!["held-out"]), 0);
  assert.equal(points(breadth!["other held-in"]), 0);
  assert.deepEqual(shown(verdicts), ["shown"]);
  for (const { rows, caption } of diversity.draw({ arms, effects, verdicts }, preset))
    assert.ok(rows.length > 0 && caption.length > 0);
});

test("diversity and scaling share the runs that they both ask for", () => {
  const same = loadPreset("smoke");
  const ids = (runs: ReturnType<typeof scaling.runs>) => new Set(runs.map(runId));
  const shared = [...ids(diversity.runs(same))].filter((id) => ids(scaling.runs(same)).has(id));
  assert.ok(shared.length > 0);
});
