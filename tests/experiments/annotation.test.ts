/** Yield, cost, difficulty and gain on hand-written annotations. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { annotationStrategies } from "../../lib/experiments/annotation-strategies";
import { loadPreset } from "../../lib/experiments/preset";
import { light } from "../../lib/report/theme";
import type { AnnotateSpec, EvaluateSpec } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";
import { selectInstances } from "../../lib/tasks/instances";
import { writeAtomic } from "../../lib/util/files";
import { writeJsonl } from "../../lib/util/jsonl";
import { trajectory } from "../evaluation/trajectories";
import { fake, ownRuns, shown } from "./fake-runs";

const smoke = loadPreset("smoke", { data: { train: 10 } });
const preset = { ...smoke, data: { ...smoke.data, tasks: ["gsm8k", "hotpotqa"] } };
const runs = annotationStrategies.runs(preset);
before(ownRuns);

/** Exploration keeps the easier half; the paper's strategies keep all, but for tasks that are only explored. */
async function write(better: number): Promise<void> {
  const trainedOnAll = (spec: EvaluateSpec) =>
    spec.model.kind === "train" && spec.model.agent[0]!.from.strategies.includes("reformat");
  fake(runs, (spec, i) => (trainedOnAll(spec) ? better : 0) + (i % 2) / 4);
  for (const spec of runs.filter((run): run is AnnotateSpec => run.kind === "annotate")) {
    const instances = await selectInstances(spec.instances);
    const easier = instances.toSorted((a, b) => a.difficulty! - b.difficulty!).slice(0, instances.length / 2);
    const kept = spec.strategies.join() === "explore" ? easier : instances;
    const usage = { calls: 40, promptTokens: 300, completionTokens: 100, cost: null };
    const byStrategy = { [spec.strategies[0]!]: kept.length };
    const count = { instances: instances.length, trajectories: kept.length, failures: 0 };
    writeJsonl(
      `${runFolder(spec)}/trajectories.jsonl`,
      kept.map(({ id }) => trajectory(id, ["a"])),
    );
    writeAtomic(
      `${runFolder(spec)}/summary.json`,
      JSON.stringify({ ...count, byStrategy, usage, simulated: true }),
    );
  }
}

test("what exploration loses is counted, priced, and seen in difficulty and in the trained model", async () => {
  await write(0.5);
  const measured = await annotationStrategies.measure(preset);
  const [alone, ours] = measured.costs.filter(({ task }) => task === "GSM8K");
  assert.deepEqual([alone!.yield.mean, ours!.yield.mean], [50, 100]);
  assert.deepEqual([alone!.callsEach, ours!.callsEach, alone!.tokensEach], [8, 4, 80]);
  assert.ok(alone!.difficulty! < ours!.difficulty!);
  assert.deepEqual(
    measured.scores.map(({ score }) => score.mean),
    [12.5, 62.5],
  );
  const [yields, difficult, gained] = measured.verdicts;
  assert.equal(yields!.measured!.mean, 50, "hotpotqa, which is only explored, has no part in it");
  assert.doesNotMatch(yields!.note!, /HotpotQA/);
  assert.ok(difficult!.measured!.mean > 0);
  assert.equal(gained!.measured!.mean, 50);
  assert.deepEqual([yields!.outcome, gained!.outcome], ["shown", "shown"]);
  assert.equal(shown(measured.verdicts).at(-1), "not testable");
  for (const { draw } of annotationStrategies.draw(measured, preset))
    assert.match(JSON.stringify(draw(light).layout), /simulated teacher/);
});

test("a bank that trains no better is not shown to", async () => {
  await write(0);
  const { verdicts } = await annotationStrategies.measure(preset);
  assert.equal(verdicts[2]!.outcome, "not shown");
});
