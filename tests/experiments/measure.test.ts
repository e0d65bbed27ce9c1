/** Experiments on runs that were written by hand, so that every number they should give is known. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { difficultyBias } from "../../lib/experiments/difficulty-bias";
import { generalistRatio } from "../../lib/experiments/generalist-ratio";
import { experiments } from "../../lib/experiments/index";
import { mainResults } from "../../lib/experiments/main-results";
import { loadPreset } from "../../lib/experiments/preset";
import { light } from "../../lib/report/theme";
import type { EvaluateSpec } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";
import { fake, isTuned, ownRuns, shown, taskOf } from "./fake-runs";

before(ownRuns);
const preset = { ...loadPreset("smoke"), seeds: [0, 1] };

const nearly = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} ≠ ${expected}`);

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
    return (isTuned(spec) && i % 2 === 0 ? 0.5 : 0) + (taskOf(spec) === "webshop" ? 0.5 : 0);
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
