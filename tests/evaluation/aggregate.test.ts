import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate, score, type TaskRewards } from "../../lib/evaluation/aggregate";
import { type PublishedRow, publishedNumber, readPublished } from "../../lib/report/published";
import type { Skill } from "../../lib/trajectory/schema";

const [table4, table9] = [readPublished("table-4"), readPublished("table-9")];

const skillOf: Record<string, Skill> = {
  HotpotQA: "reasoning",
  StrategyQA: "reasoning",
  GSM8K: "math",
  MATH: "math",
  "IC-SQL": "programming",
  MBPP: "programming",
  Mind2Web: "web",
  WebShop: "web",
  ALFWorld: "embodied",
};
const result = (name: string, skill: Skill, held: "in" | "out", points: number): TaskRewards => ({
  task: { name, skill, evaluation: { held, instances: 100 } },
  rewards: [points / 100],
});
/** A row of Table 9 as results. */
const heldIn = (row: PublishedRow) =>
  Object.entries(skillOf).map(([name, skill]) => result(name, skill, "in", row[name] as number));
const samoyed = heldIn(table9.rows.find((row) => row["model"] === "SAMOYED-7B")!);

test("the paper's averages come out as printed: skills are means of tasks, the average is of tasks too", () => {
  for (const row of table9.rows) {
    const { average, skills } = aggregate(heldIn(row), "in", { resamples: 1 })!;
    assert.ok(Math.abs(average.mean - (row["average"] as number)) <= 0.0501, String(row["model"]));
    for (const [skill, { mean }] of Object.entries(skills)) {
      const printed = publishedNumber(table4, { model: row["model"]!, held: "in" }, skill)!;
      // Vicuna-7B's programming is printed 0.15 too low; the published files note it.
      assert.ok(Math.abs(mean - printed) <= 0.1501, `${row["model"]} ${skill}: ${mean}, printed ${printed}`);
    }
  }
});

test("an average of the skills is not what the paper prints", () => {
  const { skills, average } = aggregate(samoyed, "in", { resamples: 1 })!;
  const means = Object.values(skills).map((s) => s.mean);
  assert.equal(average.mean.toFixed(1), "41.6");
  assert.equal((means.reduce((a, b) => a + b) / means.length).toFixed(1), "43.5");
});

test("tasks without a part in the evaluation are left out", () => {
  const extra: TaskRewards = { task: { name: "apps", skill: "programming", evaluation: null }, rewards: [1] };
  const scienceworld = result("scienceworld", "embodied", "out", 14.2);
  assert.deepEqual(aggregate([...samoyed, extra, scienceworld], "in"), aggregate(samoyed, "in"));
  assert.deepEqual(Object.keys(aggregate([...samoyed, extra, scienceworld], "out")!.skills), ["embodied"]);
  assert.equal(aggregate([extra], "in"), null);
});

test("a score is 100 times the mean reward, partial rewards included", () => {
  assert.equal(score([1, 0, 0.5, 0.5]).mean, 50);
});
