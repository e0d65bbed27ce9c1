/** Contamination on banks that hold known test instances. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { overlapTokens } from "../../lib/evaluation/contamination";
import { contamination } from "../../lib/experiments/contamination";
import { loadPreset } from "../../lib/experiments/preset";
import { bank } from "../../lib/experiments/recipes";
import { light } from "../../lib/report/theme";
import { runFolder } from "../../lib/runs/store";
import { selectInstances } from "../../lib/tasks/instances";
import { getTask } from "../../lib/tasks/registry";
import { SCHEMA_VERSION } from "../../lib/trajectory/schema";
import { writeJsonl } from "../../lib/util/jsonl";
import { fake, ownRuns, shown } from "./fake-runs";

const COUNT = 20; // as many as a fake evaluation has episodes
const preset = (() => {
  const smoke = loadPreset("smoke", { data: { test: COUNT } });
  return { ...smoke, data: { ...smoke.data, tasks: ["gsm8k"], heldOut: ["svamp"] } };
})();

before(ownRuns);

async function questions(name: string): Promise<string[]> {
  const task = getTask(name);
  const instances = await selectInstances({
    task: name,
    split: "test",
    count: COUNT,
    seed: preset.data.seed,
  });
  return Promise.all(instances.map(async (one) => (await task.environment(one)).reset()));
}

/** A bank whose trajectories ask the given questions. */
function writeBank(asked: readonly string[]) {
  const rows = asked.map((content, i) => ({
    version: SCHEMA_VERSION,
    id: `t${i}`,
    task: "gsm8k",
    skill: "math",
    instance: `t${i}`,
    difficulty: null,
    turns: [
      { role: "user", content: `Solve it.\n${content}`, loss: false },
      { role: "assistant", content: "Thought: x\nAction: y", thought: "x", action: "y", loss: true },
    ],
    reward: 1,
    provenance: { strategy: "gold", teacher: null, simulated: true, source: "generated" },
  }));
  writeJsonl(`${runFolder(bank(preset)[0]!.from)}/trajectories.jsonl`, rows);
}

const shares = (a: string, b: string, n: number) => {
  const grams = (text: string) => {
    const tokens = overlapTokens(text);
    return tokens
      .slice(0, Math.max(0, tokens.length - n + 1))
      .map((_, i) => tokens.slice(i, i + n).join(" "));
  };
  const held = new Set(grams(b));
  return grams(a).some((gram) => held.has(gram));
};

test("copied instances overlap whole, and no other does but for a phrase of theirs", async () => {
  const asked = await questions("gsm8k");
  const copies = [asked[0]!, asked[1]!];
  const expected = (n: number) => asked.map((q) => copies.some((copy) => shares(q, copy, n)));
  fake(contamination.runs(preset), (_, i) => (expected(9)[i] ? 1 : 0));
  writeBank(copies);
  const { rates, verdicts, commonest } = await contamination.measure(preset);
  const gsm8k = rates.find((r) => r.task === "gsm8k" && r.data === "agent" && r.n === 13)!;
  assert.equal(gsm8k.instances, COUNT);
  assert.equal(Math.round(gsm8k.rate.mean), (100 * expected(13).filter(Boolean).length) / COUNT);
  assert.equal(gsm8k.whole, 10, "two of twenty, with their answers, which are shorter than n tokens");
  assert.ok(commonest.every(({ trajectories }) => trajectories <= 2));
  assert.deepEqual(
    shown(verdicts),
    ["shown", "shown", "not shown", "not shown"],
    "held-out tasks are clean; what is shared stands in two trajectories; overlap and reward are one",
  );
  const impact = verdicts.at(-1)!;
  assert.equal(impact.measured!.mean, 100);
  const overlap = expected(9).filter(Boolean).length;
  assert.match(impact.note!, new RegExp(`gsm8k ${overlap}/${COUNT - overlap}`));
});

test("a phrase that stands in many trajectories is a template; a held-out question in the bank is not clean", async () => {
  const phrase = overlapTokens((await questions("gsm8k"))[0]!)
    .slice(0, 9)
    .join(" ");
  const leaked = await questions("svamp");
  fake(contamination.runs(preset), () => 0.5);
  writeBank([...Array.from({ length: 12 }, (_, i) => `${phrase} ${i}`), ...leaked]);
  const { rates, verdicts } = await contamination.measure(preset);
  const svamp = rates.find((r) => r.task === "svamp" && r.data === "agent" && r.n === 13)!;
  assert.equal(svamp.held, "out");
  assert.ok(svamp.rate.mean > 50 && svamp.rate.mean === (100 * svamp.comparable) / COUNT);
  const outcomes = shown(verdicts);
  assert.deepEqual(outcomes.slice(0, 2), ["not shown", "not shown"]);
  assert.equal(verdicts[2]!.measured!.mean, 50, "all that gsm8k shares is the template");
  assert.equal(outcomes.at(-1), "shown", "the reward is the same with and without");
});

test("figures say what is simulated, and Table 8 stands beside", async () => {
  fake(contamination.runs(preset), () => 0.5);
  const figures = contamination.draw(await contamination.measure(preset), preset);
  for (const { draw, rows } of figures) {
    assert.match(JSON.stringify(draw(light).layout), /simulated teacher/);
    assert.ok(rows.length > 0);
  }
  const { rows } = figures[0]!;
  const gsm8k = rows.filter((r) => r["task"] === "GSM8K" && r["data"] === "agent");
  assert.deepEqual(
    gsm8k.map((r) => [r["n"], r["published"]]),
    [
      [9, 3],
      [13, 0],
    ],
  );
});
