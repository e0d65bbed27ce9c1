/** A model that has learnt nothing: the base's architecture and tokenizer, weights drawn from a seed. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadPreset } from "../../lib/experiments/preset";
import { base, startingPoint, tuned } from "../../lib/experiments/recipes";
import { openWeights } from "../../lib/model/shards";
import { execute } from "../../lib/runs/execute";
import { checkpointFolder } from "../../lib/runs/read";
import { dependencies, nameOf, runId, type ScratchSpec } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";

before(() => {
  process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
});
const preset = loadPreset("smoke");
const scratch = startingPoint(preset, "scratch") as ScratchSpec;

test("random weights: the base's architecture and tokenizer, and its own initial spread", async () => {
  await execute(scratch);
  const folder = checkpointFolder(scratch);
  const like = checkpointFolder(scratch.like);
  const config = (at: string) => JSON.parse(readFileSync(join(at, "config.json"), "utf8"));
  assert.deepEqual(config(folder), config(like));
  assert.equal(
    readFileSync(join(folder, "tokenizer.json"), "utf8"),
    readFileSync(join(like, "tokenizer.json"), "utf8"),
  );
  const weights = openWeights(folder);
  const name = "model.layers.0.self_attn.q_proj.weight";
  const values = weights.read(name);
  weights.close();
  const spread = Math.sqrt(values.reduce((sum, w) => sum + w * w, 0) / values.length);
  assert.ok(Math.abs(spread - config(like).initializer_range) < 0.001, `${spread}`);
});

test("the seed decides: equal seeds give equal weights, others do not", async () => {
  const bytes = async (spec: ScratchSpec) => {
    await execute(spec);
    return readFileSync(join(runFolder(spec), "model.safetensors"));
  };
  const first = await bytes(scratch);
  process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
  assert.ok((await bytes(scratch)).equals(first));
  assert.ok(!(await bytes({ ...scratch, seed: scratch.seed + 1 })).equals(first));
});

test("a model trained from random weights waits for them, and says in its name what it is", () => {
  const trained = tuned(preset, {
    agent: [],
    mixture: { agent: 0, general: 1, code: 0 },
    base: scratch,
    seed: 0,
  });
  assert.deepEqual(dependencies(trained).map(runId), [runId(scratch)]);
  assert.equal(nameOf(trained), "base with random weights tuned");
  assert.equal(
    nameOf(tuned(preset, { agent: [], base: startingPoint(preset, "code"), seed: 0 })),
    "base tuned",
  );
});

test("starting points: the preset's bases and those derived from its first; others are unknown", () => {
  assert.deepEqual(startingPoint(preset, "base"), base(preset));
  const [general, code] = [startingPoint(preset, "generalist"), startingPoint(preset, "code")];
  assert.ok(general.kind === "train" && general.general && !general.code && general.agent.length === 0);
  assert.ok(code.kind === "train" && code.code && !code.general && code.agent.length === 0);
  assert.throws(
    () => startingPoint(preset, "llama"),
    /unknown base model: "llama"; known: base, generalist, code, scratch/,
  );
});
