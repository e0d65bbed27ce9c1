import assert from "node:assert/strict";
import { before, test } from "node:test";
import { baseModels } from "../../lib/experiments/base-models";
import { loadPreset } from "../../lib/experiments/preset";
import { light } from "../../lib/report/theme";
import type { EvaluateSpec, ModelSpec } from "../../lib/runs/spec";
import { fake, ownRuns, shown } from "./fake-runs";

before(ownRuns);
const preset = loadPreset("smoke", {
  experiments: { baseModels: { bases: ["scratch", "base", "generalist", "code"], seeds: [0, 1] } },
});

/** The starting point behind a model, and whether it was tuned on trajectories since. */
function origin(model: ModelSpec): { name: string; tuned: boolean } {
  if (model.kind === "base") return { name: model.name, tuned: false };
  if (model.kind !== "train") return { name: model.kind, tuned: false };
  if (model.agent.length > 0) return { name: origin(model.base).name, tuned: true };
  return { name: model.general ? "generalist" : "code", tuned: false };
}

/** Of 20 instances a model solves the first so many. */
const solves = (count: (name: string, tuned: boolean) => number) => (spec: EvaluateSpec, i: number) => {
  const { name, tuned } = origin(spec.model);
  return i < count(name, tuned) ? 1 : 0;
};

test("gains in points and in % of the score before; none in % where that is 0", async () => {
  const start: Record<string, number> = { scratch: 0, base: 4, generalist: 8, code: 10 };
  fake(
    baseModels.runs(preset),
    solves((name, tuned) => (tuned ? 12 : start[name]!)),
  );
  const { rows, verdicts } = await baseModels.measure(preset);
  const of = (base: string) => rows.find((row) => row.base === base && row.held === "out")!;
  assert.deepEqual(
    rows.filter((row) => row.held === "in").map((row) => [row.base, row.standsFor, row.seeds]),
    [
      ["scratch", null, 2],
      ["base", "Llama-2-7B-Chat", 2],
      ["generalist", "Vicuna-7B", 2],
      ["code", "CodeLlama-7B", 2],
    ],
  );
  assert.equal(Math.round(of("base").gain.mean), 40);
  assert.equal(Math.round(of("base").relative!.mean), 200);
  assert.equal(Math.round(of("code").relative!.mean), 20);
  assert.equal(of("scratch").relative, null);
  // Every base gains; scratch gains 60 points and base 40; both tuned ones score the same.
  const each = ["shown", "shown", "shown"];
  assert.deepEqual(shown(verdicts), [...each, ...each]);
  assert.equal(verdicts[1]!.note, "in points: a score before tuning may be 0");
});

test("where both scores are above 0 the comparison is relative, whatever the points say", async () => {
  // 4 → 8 of 20 is 100 %, 8 → 14 is 75 %: fewer points, more in %.
  const compared = loadPreset("smoke", {
    experiments: { baseModels: { bases: ["base", "code"], weaker: "base", stronger: "code" } },
  });
  const counts = { base: [4, 8], code: [8, 14] } as Record<string, [number, number]>;
  fake(
    baseModels.runs(compared),
    solves((name, tuned) => counts[name]![tuned ? 1 : 0]!),
  );
  const { verdicts } = await baseModels.measure(compared);
  assert.equal(verdicts[1]!.note, "in %");
  assert.equal(Math.round(verdicts[1]!.measured!.mean), 25);
  assert.equal(verdicts[2]!.outcome, "not testable", "no generalist among the bases");
});

test("a base that does not gain refutes that every one does", async () => {
  fake(
    baseModels.runs(preset),
    solves((name, tuned) => (tuned && name !== "code" ? 12 : 5)),
  );
  const { verdicts } = await baseModels.measure(preset);
  assert.equal(verdicts[0]!.outcome, "not shown");
});

test("what the paper printed stands beside what was measured", async () => {
  fake(baseModels.runs(preset), () => 0.5);
  const [inside, outside] = baseModels.draw(await baseModels.measure(preset), preset);
  const published = (name: string) => outside!.rows.find((row) => row["base"] === name)!;
  assert.equal(published("base")["publishedAfter"], 34.3);
  assert.equal(published("base")["publishedRelativeGain"], 442);
  assert.equal(
    Number(published("code")["publishedAfter"]).toFixed(2),
    "38.86",
    "the mean of Table 5's tasks",
  );
  assert.equal(published("scratch")["publishedBefore"], null);
  assert.equal(inside!.rows[1]!["publishedAfter"], 41.6);
  assert.match(JSON.stringify(outside!.draw(light).layout), /simulated teacher/);
});

test("bases that a preset brings stand for the published ones of their names", async () => {
  const paper = loadPreset("paper", { seeds: [0] });
  fake(baseModels.runs(paper), () => 0.5);
  const { rows, verdicts } = await baseModels.measure(paper);
  assert.deepEqual(
    rows.filter((row) => row.held === "out").map((row) => row.standsFor),
    ["Llama-2-7B-Chat", "Vicuna-7B", "CodeLlama-7B", "Mistral-7B"],
  );
  assert.ok(verdicts.every((v) => v.outcome !== "not testable"));
});
