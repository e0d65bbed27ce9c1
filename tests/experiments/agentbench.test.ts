import assert from "node:assert/strict";
import { before, test } from "node:test";
import { agentbench } from "../../lib/experiments/agentbench";
import { loadPreset } from "../../lib/experiments/preset";
import { light } from "../../lib/report/theme";
import { fake, isTuned, ownRuns, shown, taskOf } from "./fake-runs";

before(ownRuns);
const preset = { ...loadPreset("smoke"), seeds: [0, 1] };
const nearly = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} ≠ ${expected}`);

test("the overall is the mean of score / weight over the tasks that are played", async () => {
  fake(agentbench.runs(preset), (spec) => {
    if (!isTuned(spec)) return 0;
    return taskOf(spec) === "webshop" ? 0.614 : taskOf(spec) === "alfworld" ? 0.26 : 0;
  });
  const { tasks, rows } = await agentbench.measure(preset);
  assert.deepEqual(
    tasks.filter((t) => t.played === null).map((t) => t.name),
    ["KG", "DCG", "LTP"],
  );
  nearly(rows[0]!.overall.mean, 0);
  nearly(rows.at(-1)!.overall.mean, (61.4 / 30.7 + 26 / 13) / 5);
  nearly(rows.at(-1)!.scores["WS"]!.mean, 61.4);
  const { publishedOverPlayed, published } = rows.at(-1)!;
  nearly(publishedOverPlayed, (11.8 / 10.8 + 9.7 / 13 + 68 / 13 + 60.5 / 30.7 + 12.2 / 11.6) / 5);
  assert.equal(published, 1.6);
});

test("a lead over the base alone is not one over all; GPT-4 was not played", async () => {
  // The models tuned on conversations have no trajectory behind them.
  fake(agentbench.runs(preset), (spec, i) => {
    const { model } = spec;
    if (model.kind !== "train") return 0;
    return model.agent.length === 0 || i % 2 === 0 ? 1 : 0;
  });
  assert.deepEqual(shown((await agentbench.measure(preset)).verdicts), [
    "shown",
    "not shown",
    "not testable",
  ]);
});

test("a task that a preset does not play is no part of the overall, measured or published", async () => {
  const few = loadPreset("smoke");
  few.experiments.agentbench.tasks = { WS: "webshop" };
  fake(agentbench.runs(few), () => 0.307);
  const measured = await agentbench.measure(few);
  nearly(measured.rows[0]!.overall.mean, 1);
  nearly(measured.rows[0]!.publishedOverPlayed, 11.6 / 30.7);
  const [, overall] = agentbench.draw(measured, few);
  assert.match(overall!.caption, /OS, DB, KG, DCG, LTP, HH, WB are not played/);
  assert.match(JSON.stringify(overall!.draw(light).layout), /over WS/);
});
