/** Runs of exploring, preferring and playing by a mechanism, each in the least size. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadPreset } from "../../lib/experiments/preset";
import { annotation, base, evaluation, slice, tuned } from "../../lib/experiments/recipes";
import { reflexionRows } from "../../lib/mechanisms/reflexion-rows";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { describeRun } from "../../lib/runs/describe";
import { execute } from "../../lib/runs/execute";
import { checkpointFolder, readEpisodes, readExplored } from "../../lib/runs/read";
import {
  dependencies,
  type EvaluateSpec,
  type ExploreSpec,
  nameOf,
  type PreferSpec,
  type RunSpec,
  runId,
  type TrainSpec,
} from "../../lib/runs/spec";
import { isDone, runFolder } from "../../lib/runs/store";
import { tokenRow } from "../../lib/training/mask";
import { preferSettingsSchema } from "../../lib/training/prefer";

before(() => {
  process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
});

const preset = loadPreset("smoke", { data: { train: 6, test: 2 }, maxTokens: 12 });
const budget = { steps: 1 };
const agentOnly = { agent: 1, general: 0, code: 0 };
const bank = slice(annotation(preset, "gsm8k"));
const explored: ExploreSpec = {
  kind: "explore",
  model: base(preset),
  bank: slice(bank.from, 0, 3),
  temperature: 0.7,
  seed: 0,
  shots: 0,
  maxTokens: 12,
};
const preferred: PreferSpec = {
  kind: "prefer",
  base: base(preset),
  pairs: [explored],
  settings: preferSettingsSchema.parse({ budget, learningRate: 1e-4, tied: true, sequenceLength: 768 }),
};
const trained = (extra: Partial<TrainSpec>): TrainSpec => ({
  ...tuned(preset, { agent: [], mixture: agentOnly, budget, seed: 0 }),
  ...extra,
});
const evaluated = (mechanism: EvaluateSpec["mechanism"]): EvaluateSpec => ({
  ...evaluation(preset, base(preset), "gsm8k"),
  mechanism,
});

/** Computes a run and what it depends on, in this process. */
async function compute(spec: RunSpec): Promise<string> {
  for (const dependency of dependencies(spec)) if (!isDone(dependency)) await compute(dependency);
  await execute(spec);
  return runFolder(spec);
}

test("what is left out of a spec leaves its name as it was", () => {
  const plain = evaluation(preset, base(preset), "gsm8k");
  assert.equal(runId(plain), runId({ ...plain, mechanism: undefined }));
  assert.notEqual(runId(plain), runId({ ...plain, mechanism: { kind: "rewoo" } }));
  assert.equal(runId(trained({})), runId(trained({ reflections: undefined })));
  assert.equal(nameOf(preferred), "base and contrasted");
  assert.equal(describeRun(preferred), "base contrasted on gsm8k for 1 steps, β 0.1");
  assert.equal(describeRun(explored), "base explores 3 gsm8k trajectories' instances from number 0");
  assert.match(describeRun(evaluated({ kind: "rewoo" })), /^base plays 2 gsm8k test instances by rewoo$/);
  const roles = trained({ agent: [{ ...bank, form: "planner" }], reflections: [explored] });
  assert.match(describeRun(roles), /tuned on gsm8k as planner rows and reflections for 1 steps/);
  assert.deepEqual(
    dependencies(evaluated({ kind: "planner", actor: preferred })).map((d) => d.kind),
    ["prefer"],
  );
});

test("an exploration leaves its episodes and pairs; preference training and reflections are made of them", async () => {
  await compute(explored);
  const [episodes, pairs] = [await readEpisodes(explored), await readExplored([explored])];
  assert.equal(episodes.length, 3);
  // The untrained base may say nothing at all; what it says is wrong.
  assert.deepEqual(
    pairs.map((p) => [p.chosen.reward, p.rejected.reward]),
    pairs.map(() => [1, 0]),
  );
  assert.ok(pairs.length > 0);
  const folder = await compute(preferred);
  assert.ok(existsSync(join(folder, "model.safetensors")));
  assert.equal(JSON.parse(readFileSync(join(folder, "train.json"), "utf8")).pairs, pairs.length);
  const reflecting = trained({ reflections: [explored] });
  const { rows } = JSON.parse(readFileSync(join(await compute(reflecting), "train.json"), "utf8"));
  assert.equal(rows.agent.rows, 2 * pairs.length);
});

test("a reflection behind too long an episode is left out and told", async () => {
  await compute(explored);
  const pairs = await readExplored([explored]);
  const tokenizer = loadTokenizer(checkpointFolder(base(preset)));
  const rows = pairs.flatMap(reflexionRows);
  const lengths = rows
    .filter(({ id }) => id.endsWith("/reflection"))
    .map((row) => tokenRow(row, tokenizer, 2048).ids.length);
  const longest = Math.max(...lengths);
  const settings = { ...trained({}).settings, sequenceLength: longest - 1 };
  const folder = await compute(trained({ reflections: [explored], settings }));
  const [counted] = JSON.parse(readFileSync(join(folder, "forms.json"), "utf8"));
  const out = lengths.filter((length) => length === longest).length;
  assert.deepEqual(
    [counted.form, counted.pairs, counted.rows, counted.faults.length],
    ["reflections", pairs.length, rows.length - out, out],
  );
  assert.match(counted.faults[0], /reflection: the first trained turn ends at token \d+, beyond/);
});

test("forms of the bank are trained on, and what has no such form is counted", async () => {
  const shopping = slice(annotation(preset, "webshop"));
  const spec = trained({
    agent: [
      { ...bank, form: "rewoo" },
      { ...shopping, form: "rewoo" },
      { ...bank, form: "actor" },
    ],
  });
  const counts = JSON.parse(readFileSync(join(await compute(spec), "forms.json"), "utf8"));
  assert.deepEqual(
    counts.map((c: { task: string; form: string; rows: number }) => [c.task, c.form, c.rows > 0]),
    [
      ["gsm8k", "rewoo", true],
      ["webshop", "rewoo", false],
      ["gsm8k", "actor", true],
    ],
  );
  assert.equal(counts[1].faults.length, counts[1].trajectories);
});

test("every mechanism plays an evaluation", async () => {
  const played = async (mechanism: EvaluateSpec["mechanism"]) => {
    const spec = evaluated(mechanism);
    await compute(spec);
    return readEpisodes(spec);
  };
  const trials = (await played({ kind: "reflexion", trials: 2 })).map((e) => e.trials!.length);
  assert.deepEqual(trials, [2, 2]);
  assert.equal((await played({ kind: "retry", trials: 2, temperature: 1 }))[0]!.trials!.length, 2);
  assert.match((await played({ kind: "rewoo" }))[0]!.turns[0]!.content, /Plan all calls/);
  const [two] = await played({ kind: "planner", actor: base(preset) });
  assert.ok(two!.usage.calls >= 2 * two!.steps - 1);
  assert.ok((await played({ kind: "planner" })).length === 2);
});
