/** A sweep on a Ray cluster of two nodes of this machine: the same bytes as here, and a killed worker costs its run alone. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { loadPreset } from "../../lib/experiments/preset";
import { bank, base, evaluation, tuned } from "../../lib/experiments/recipes";
import { ensure } from "../../lib/runs/ensure";
import { rayPool } from "../../lib/runs/ray-pool";
import { isDone, runFolder } from "../../lib/runs/store";
import { rayMissing, rayPython } from "../../lib/setup/ray";
import { annotation, ownStore } from "./by-hand";
import { killOwners } from "./kill-owners";
import { sleepyEndpoint } from "./sleepy-endpoint";

const skip = rayMissing() ?? false;
let cluster: ChildProcess | undefined;
let address: string;

before(async () => {
  if (skip) return;
  const child = spawn(rayPython(), [join(__dirname, "ray_cluster.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  cluster = child;
  address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the cluster ended: ${code}`)));
  });
});
after(async () => {
  if (!cluster) return;
  cluster.stdin!.end();
  await new Promise((resolve) => cluster!.once("exit", resolve));
});

/** Every file of a store but those that hold a clock, by its name. */
function filesOf(store: string): Record<string, string> {
  const clocks = /(^|\/)(timing\.json|timings?\.jsonl|events\.out\.[^/]*)$/;
  const files = readdirSync(store, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(store.length + 1)).sort();
  return Object.fromEntries(
    names
      .filter((name) => !clocks.test(name))
      .map((name) => [name, readFileSync(join(store, name), "base64")]),
  );
}

/** A bank of two tasks, a model tuned on it, and both models played: annotations, a training, evaluations. */
function sweep() {
  const data = { tasks: ["gsm8k", "webshop"], train: 10, test: 3, general: 5, code: 5 };
  const preset = loadPreset("smoke", { data, training: { budget: { steps: 2 } } });
  const models = [base(preset), tuned(preset, { agent: bank(preset), seed: 0 })];
  return models.flatMap((model) => ["gsm8k", "webshop"].map((task) => evaluation(preset, model, task)));
}

test("two nodes leave the same bytes as processes of this machine", { skip }, async () => {
  const there = ownStore();
  const notes = new Set<string>();
  const pool = await rayPool({ address });
  assert.deepEqual([pool.cluster.nodes, pool.size], [2, 2]);
  await ensure(sweep(), { pool, onProgress: ({ active }) => active.forEach((note) => void notes.add(note)) });
  assert.ok(sweep().every(isDone));
  assert.ok(
    [...notes].some((note) => /^train-[0-9a-f]{12} step \d\/2 loss/.test(note)),
    "progress comes through",
  );

  const here = ownStore();
  await ensure(sweep(), { workers: 2 });
  const [onRay, local] = [filesOf(there), filesOf(here)];
  assert.ok(Object.keys(local).some((name) => name.endsWith("model.safetensors")));
  assert.deepEqual(Object.keys(onRay), Object.keys(local));
  for (const [name, bytes] of Object.entries(local)) assert.ok(onRay[name] === bytes, name);
});

test("a worker that is killed costs its run alone: it is told, or tried again, and the others finish", {
  skip,
}, async () => {
  ownStore();
  const { teacher, wake, close } = await sleepyEndpoint();
  const hanging = annotation("gsm8k", { teacher });
  const others = [1, 2, 3].map((seed) => annotation("gsm8k", { seed }));
  // The first sweep gives up; the second one's first try dies as well.
  const stop = killOwners(join(runFolder(hanging), "lock"), 2, wake);
  try {
    const pool = await rayPool({ address });
    await assert.rejects(ensure([hanging, ...others], { pool }), /ended early \(signal 9\)/);
    assert.ok(!isDone(hanging));
    assert.ok(others.every(isDone));
    await ensure([hanging], { pool: await rayPool({ address }), retries: 1 });
    assert.ok(isDone(hanging));
    assert.equal(stop(), 2);
  } finally {
    stop();
    close();
  }
});

test("a run that fails is told with its reason, over Ray as here", { skip }, async () => {
  ownStore();
  const bad = annotation("gsm8k", { strategies: ["gold"] });
  await assert.rejects(
    ensure([bad], { pool: await rayPool({ address }) }),
    /unknown annotation strategy: "gold"/,
  );
});

test("without ray, and with an address where no cluster is, the sweep says so before it computes anything", async () => {
  const { AGENTBANK_RAY_PYTHON } = process.env;
  process.env["AGENTBANK_RAY_PYTHON"] = join(mkdtempSync(join(tmpdir(), "no-ray-")), "bin", "python");
  try {
    await assert.rejects(rayPool(), /needs Ray: not in .*; to add it: .*requirements-ray\.txt/);
  } finally {
    if (AGENTBANK_RAY_PYTHON === undefined) delete process.env["AGENTBANK_RAY_PYTHON"];
    else process.env["AGENTBANK_RAY_PYTHON"] = AGENTBANK_RAY_PYTHON;
  }
});
