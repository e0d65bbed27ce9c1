import assert from "node:assert/strict";
import { before, test } from "node:test";
import { codeRatio } from "../../lib/experiments/code-ratio";
import { generalistRatio } from "../../lib/experiments/generalist-ratio";
import { loadPreset } from "../../lib/experiments/preset";
import { type EvaluateSpec, runId } from "../../lib/runs/spec";
import { getTask } from "../../lib/tasks/registry";
import { fake, ownRuns, shown, taskOf } from "./fake-runs";

before(ownRuns);
const preset = loadPreset("smoke", { experiments: { codeRatio: { shares: [0.6, 0, 0.2] } } });

/** Whether the code base is at the root of a model. */
function fromCode({ model }: EvaluateSpec): boolean {
  if (model.kind !== "train") return false;
  const base = model.agent.length > 0 ? model.base : model;
  return base.kind === "train" && base.code !== null && base.agent.length === 0;
}

test("Table 5: leads by skill before and after tuning, and what becomes of them", async () => {
  fake(codeRatio.runs(preset), (spec, i) => {
    const { skill } = getTask(taskOf(spec));
    const tuned = spec.model.kind === "train" && spec.model.agent.length > 0;
    if (!fromCode(spec)) return i < 4 ? 1 : 0;
    // The code base leads in programming throughout, in web only before tuning.
    return i < (skill === "programming" || (skill === "web" && !tuned) ? 12 : 4) ? 1 : 0;
  });
  const measured = await codeRatio.measure(preset);
  const lead = (tuned: boolean) => measured.leads.find((l) => l.tuned === tuned)!.skills;
  assert.equal(Math.round(lead(false).web!.mean), 40);
  assert.equal(Math.round(lead(true).web!.mean), 0);
  assert.equal(Math.round(lead(true).programming!.mean), 40);
  assert.deepEqual(shown(measured.verdicts.slice(0, 2)), ["shown", "not shown"]);
  assert.deepEqual(
    measured.table.map((row) => [row.base, row.tuned, Math.round(row.skills.programming!.mean)]),
    [
      ["plain", false, 20],
      ["code", false, 60],
      ["plain", true, 20],
      ["code", true, 60],
    ],
  );
  const [figure] = codeRatio.draw(measured, preset);
  assert.equal(figure!.rows[3]!["published programming"], 67.7);
});

test("Figure 4: rises with a small share and falls with a larger one", async () => {
  const solved: Record<number, number> = { 0: 8, 0.2: 12, 0.6: 2 };
  fake(codeRatio.runs(preset), (spec, i) => {
    const share = spec.model.kind === "train" ? spec.model.settings.ratio.code : 0;
    return i < (solved[share] ?? 5) ? 1 : 0;
  });
  const { points, verdicts } = await codeRatio.measure(preset);
  assert.deepEqual(
    points.filter((p) => p.held === "out").map((p) => [p.share, Math.round(p.score.mean)]),
    [
      [0, 40],
      [0.2, 60],
      [0.6, 10],
    ],
  );
  assert.deepEqual(shown(verdicts.slice(2)), ["shown", "shown", "shown"]);
});

test("share 0 is one run in both figures where their sizes agree", () => {
  const sizes = { seeds: [0], budget: { steps: 3 }, test: 3, bases: ["base"] };
  const same = loadPreset("smoke", { experiments: { codeRatio: sizes, generalistRatio: sizes } });
  const alone = (runs: ReturnType<typeof codeRatio.runs>) =>
    runs
      .filter((r) => r.kind === "evaluate" && r.model.kind === "train" && r.model.settings.ratio.agent === 1)
      .map(runId);
  assert.ok(alone(codeRatio.runs(same)).length > 0);
  assert.deepEqual(alone(codeRatio.runs(same)), alone(generalistRatio.runs(same)));
});

test("mini gives both figures the same sizes, so that share 0 is trained and played once", () => {
  const mini = loadPreset("mini");
  const alone = (runs: ReturnType<typeof codeRatio.runs>) =>
    runs
      .filter((r) => r.kind === "evaluate" && r.model.kind === "train" && r.model.settings.ratio.agent === 1)
      .map(runId);
  const generalist = new Set(alone(generalistRatio.runs(mini)));
  assert.ok(alone(codeRatio.runs(mini)).length > 0);
  assert.ok(alone(codeRatio.runs(mini)).every((id) => generalist.has(id)));
});
