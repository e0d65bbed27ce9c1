import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate, score, type TaskRewards } from "../../lib/evaluation/aggregate";
import type { Skill } from "../../lib/trajectory/schema";

const result = (name: string, skill: Skill, held: "in" | "out", points: number): TaskRewards => ({
  task: { name, skill, evaluation: { held, instances: 100 } },
  rewards: [points / 100],
});

// SAMOYED-7B: held-in from Table 9, held-out and the averages from Table 4.
const samoyed = [
  result("hotpotqa", "reasoning", "in", 30),
  result("strategyqa", "reasoning", "in", 66),
  result("gsm8k", "math", "in", 43),
  result("math", "math", "in", 18),
  result("ic-sql", "programming", "in", 59.2),
  result("mbpp", "programming", "in", 24),
  result("mind2web", "web", "in", 12.2),
  result("webshop", "web", "in", 60.5),
  result("alfworld", "embodied", "in", 61.2),
  result("bamboogle", "reasoning", "out", 32),
  result("svamp", "math", "out", 42),
  result("ic-bash", "programming", "out", 59.2),
  result("miniwob", "web", "out", 24.2),
  result("scienceworld", "embodied", "out", 14.2),
];

test("the paper's rows come out as printed: skills are means of tasks, the average is of tasks too", () => {
  const held = aggregate(samoyed, "in")!;
  assert.equal(held.average.mean.toFixed(1), "41.6");
  const printed = { reasoning: 48, math: 30.5, programming: 41.6, web: 36.4, embodied: 61.2 };
  for (const [skill, points] of Object.entries(printed))
    assert.ok(Math.abs(held.skills[skill as Skill]!.mean - points) <= 0.0501, skill);
  assert.equal(aggregate(samoyed, "out")!.average.mean.toFixed(1), "34.3");
  assert.equal(held.tasks["webshop"]!.mean, 60.5);
  assert.equal(Object.keys(held.tasks).length, 9);
});

test("tasks without a part in the evaluation are left out", () => {
  const extra: TaskRewards = { task: { name: "apps", skill: "programming", evaluation: null }, rewards: [1] };
  assert.deepEqual(aggregate([...samoyed, extra], "in"), aggregate(samoyed, "in"));
  assert.equal(aggregate([extra], "in"), null);
});

test("a score is 100 times the mean reward, partial rewards included", () => {
  assert.equal(score([1, 0, 0.5, 0.5]).mean, 50);
});
