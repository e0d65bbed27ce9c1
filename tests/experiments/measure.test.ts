/** Experiments on runs that were written by hand, so that every number they should give is known. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { difficultyBias } from "../../lib/experiments/difficulty-bias";
import { generalistRatio } from "../../lib/experiments/generalist-ratio";
import { experiments } from "../../lib/experiments/index";
import { mainResults } from "../../lib/experiments/main-results";
import { loadPreset } from "../../lib/experiments/preset";
import type { Verdict } from "../../lib/experiments/verdict";
import { light } from "../../lib/report/theme";
import { dependencies, type EvaluateSpec, type RunSpec } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";
import { getTask } from "../../lib/tasks/registry";
import { SCHEMA_VERSION, type Trajectory } from "../../lib/trajectory/schema";
import { writeJsonl } from "../../lib/util/jsonl";

before(() => {
  process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
});
const preset = { ...loadPreset("smoke"), seeds: [0, 1] };

/** Writes an evaluation's log with the given rewards, and banks whose instances have difficulties 0, .1, .2, … */
function fake(runs: readonly RunSpec[], reward: (spec: EvaluateSpec, instance: number) => number) {
  for (const spec of runs) {
    fake(dependencies(spec), reward);
    mkdirSync(runFolder(spec), { recursive: true });
    if (spec.kind === "annotate")
      writeJsonl(join(runFolder(spec), "trajectories.jsonl"), fakeBank(spec.instances.task));
    if (spec.kind === "evaluate") {
      const episodes = Array.from({ length: 20 }, (_, i) => ({ reward: reward(spec, i) }));
      writeJsonl(join(runFolder(spec), "episodes.jsonl"), episodes);
    }
  }
}

const fakeBank = (task: string): Trajectory[] =>
  Array.from({ length: 11 }, (_, i) => ({
    version: SCHEMA_VERSION,
    id: `${task}-${i}`,
    task,
    skill: getTask(task).skill,
    instance: `${task}-${i}`,
    difficulty: i / 10,
    turns: [
      { role: "user", content: "u", loss: false },
      { role: "assistant", content: "Action: a", thought: "", action: "a", loss: true },
    ],
    reward: 1,
    provenance: { strategy: "explore", teacher: "t", simulated: true, source: "generated" },
  }));

const isTuned = (spec: EvaluateSpec) => spec.model.kind === "train";
const nearly = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} ≠ ${expected}`);
const shown = (verdicts: readonly Verdict[]) => verdicts.map((v) => v.outcome);

test("difficulty bias: Δ1 and Δ2 are differences of means, and a biased bank is told from an unbiased one", async () => {
  const filtered = (spec: EvaluateSpec) =>
    "from" in spec.instances
      ? spec.instances.from.strategies.length === 1
      : spec.model.kind === "train" && spec.model.agent[0]!.from.strategies.length === 1;
  fake(difficultyBias.runs(preset), (spec) => {
    if (!isTuned(spec)) return 0.1;
    if (!("from" in spec.instances)) return 0.4;
    if (spec.instances.start === 0) return 0.9;
    return filtered(spec) ? 0.8 : 0.4;
  });
  const { rows, banks, verdicts } = await difficultyBias.measure(preset);
  assert.deepEqual(
    rows.map((r) => [r.dataset, r.tuned]),
    [
      ["explore and filter", false],
      ["explore and filter", true],
      ["unbiased", false],
      ["unbiased", true],
    ],
  );
  nearly(rows[1]!.delta1.mean, -10);
  nearly(rows[1]!.delta2.mean, -50);
  nearly(rows[3]!.delta1.mean, -50);
  nearly(rows[0]!.delta2.mean, 0);
  nearly(banks[0]!.difficulty!, 0.5);
  assert.deepEqual(shown(verdicts), ["shown", "shown"]);
});

test("main results: the average is that of the tasks, and gains are paired", async () => {
  fake(mainResults.runs(preset), (spec, i) => {
    const task = "from" in spec.instances ? "" : spec.instances.task;
    return (isTuned(spec) && i % 2 === 0 ? 0.5 : 0) + (task === "webshop" ? 0.5 : 0);
  });
  const { results, verdicts } = await mainResults.measure(preset);
  const [base, bank] = [results[0]!, results.at(-1)!];
  assert.equal(bank.seeds, 2);
  nearly(base.in.average.mean, 10);
  nearly(bank.in.average.mean, 35);
  nearly(bank.in.tasks.webshop!.mean, 75);
  nearly(bank.in.skills.web!.mean, 75);
  assert.deepEqual(
    shown(verdicts),
    ["shown", "not shown", "not testable", "shown", "not testable"],
    "the bank beats the base, and not its equal",
  );
});

test("generalist ratio: one point a share, shown only where the fall is clear", async () => {
  const score = (slope: number) => (spec: EvaluateSpec, i: number) =>
    spec.model.kind === "train" && i < 16 - slope * 20 * spec.model.settings.ratio.general ? 1 : 0;
  fake(generalistRatio.runs(preset), score(1));
  const falling = await generalistRatio.measure(preset);
  assert.deepEqual(
    falling.points.filter((p) => p.held === "in").map((p) => [p.base, p.share, Math.round(p.score.mean)]),
    [
      ["base", 0, 80],
      ["base", 0.5, 30],
      ["generalist", 0, 80],
      ["generalist", 0.5, 30],
    ],
  );
  const each = ["shown", "not shown", "not shown"];
  assert.deepEqual(shown(falling.verdicts), [...each, ...each, "shown"]);
  fake(generalistRatio.runs(preset), score(0));
  const flat = (await generalistRatio.measure(preset)).verdicts;
  assert.ok(flat.slice(0, -1).every((v) => v.outcome === "not shown"));
});

test("experiments share what they can: no evaluation of the base is asked for twice", () => {
  const ids = experiments.flatMap((e) => e.runs(preset)).map((r) => runFolder(r));
  assert.ok(new Set(ids).size < ids.length);
});

test("figures say that the teacher is simulated, and stand beside what was published", async () => {
  fake(difficultyBias.runs(preset), () => 0.5);
  const measured = await difficultyBias.measure(preset);
  for (const { draw, rows } of difficultyBias.draw(measured, preset)) {
    assert.match(JSON.stringify(draw(light).layout), /simulated teacher/);
    assert.ok(rows.length > 0);
  }
  const [, delta] = difficultyBias.draw(measured, preset);
  assert.match(JSON.stringify(delta!.draw(light).data), /-10\.1/, "Table 6's Δ2 of AgentInstruct");
});
