/** The loop's comforts: held-out rows, patience, spikes, checkpoints that stay, events, a full disk. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { loadBackend } from "../../lib/model/backend";
import { checkpointSteps } from "../../lib/training/checkpoints";
import type { Engine, MicroBatch } from "../../lib/training/engines/engine";
import { spikeLimit } from "../../lib/training/guards";
import { bestOf, patienceSpent } from "../../lib/training/held-out";
import { type LoopOptions, runLoop } from "../../lib/training/loop";
import { createEventWriter } from "../../lib/training/tensorboard";
import { train } from "../../lib/training/train";
import { ROOT } from "../../lib/util/files";
import { noReferenceWith, runReference } from "../reference";
import { conversations, writeTinyModel } from "./fixtures";

const folder = mkdtempSync(join(tmpdir(), "agentbank-loop-"));
after(() => rmSync(folder, { recursive: true }));

const rows: MicroBatch[] = [
  {
    batch: {
      ids: new Int32Array(2),
      positions: new Int32Array(2),
      segments: Int32Array.of(1, 1),
      B: 1,
      T: 2,
    },
    targets: { rows: Int32Array.of(0), labels: Int32Array.of(0), weights: Float32Array.of(1) },
    names: ["row-a"],
  },
];

/** An engine whose one weight is the number of steps taken, and whose losses are told. */
function scripted(losses: readonly number[], heldOut: readonly number[] = []): Engine & { taken(): number } {
  let [done, taken] = [0, 0];
  return {
    step(_micro, _rate, limit = Number.POSITIVE_INFINITY) {
      const loss = losses[done++]!;
      if (loss <= limit) taken++;
      return { loss, gradNorm: 1 };
    },
    evaluate: () => heldOut[done - 1]!,
    saveModel() {},
    saveState(path) {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, JSON.stringify({ done, taken }));
    },
    restore(path) {
      ({ done, taken } = JSON.parse(readFileSync(path, "utf8")));
    },
    dispose() {},
    taken: () => taken,
  };
}

const options = (out: string, engine: Engine, steps: number): LoopOptions => ({
  engine,
  steps,
  batches: () => rows,
  learningRate: () => 1,
  out: join(folder, out),
  identity: "x",
  checkpointEvery: 100,
  warn() {},
});

test("training ends when patience does, with the model of the lowest held-out loss", async () => {
  const heldOut = { every: 2, patience: 2, sources: { agent: rows, general: rows, code: [] } };
  const curve = [9, 5, 9, 3, 9, 4, 9, 3.5, 9, 1];
  const engine = scripted(
    curve.map(() => 1),
    curve,
  );
  const { metrics, evaluations } = await runLoop({ ...options("patience", engine, 10), heldOut });
  assert.deepEqual(
    evaluations.map((e) => [e.step, e.loss]),
    [
      [2, 5],
      [4, 3],
      [6, 4],
      [8, 3.5],
    ],
  );
  assert.deepEqual(evaluations[0]!.sources, { agent: 5, general: 5 });
  assert.equal(metrics.length, 8);
  assert.equal(engine.taken(), 4);
  assert.ok(checkpointSteps(join(folder, "patience")).includes(4));

  // Run again with another process's engine, it ends in the same place.
  const again = scripted(
    curve.map(() => 1),
    curve,
  );
  const second = await runLoop({ ...options("patience", again, 10), heldOut });
  assert.deepEqual(second.evaluations, evaluations);
  assert.equal(again.taken(), 4);
});

test("the last checkpoints stay, and the best one", async () => {
  const heldOut = { every: 1, patience: null, sources: { agent: rows } };
  const losses = [5, 1, 4, 4, 4, 4, 4, 4];
  const engine = scripted(losses, losses);
  const out = options("kept", engine, 8);
  await runLoop({ ...out, heldOut, checkpointEvery: 2, keepCheckpoints: 2 });
  assert.deepEqual(checkpointSteps(out.out), [2, 6, 8]);
  assert.equal(engine.taken(), 8, "without patience the last model stays");
});

test("patience counts from the lowest loss; the first of equal ones is the best", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), fc.nat(5), (losses, patience) => {
      const evaluations = losses.map((loss, i) => ({ step: i + 1, loss, sources: {} }));
      const lowest = losses.indexOf(Math.min(...losses));
      assert.equal(bestOf(evaluations), evaluations[lowest]);
      assert.equal(patienceSpent(evaluations, patience), losses.length - 1 - lowest >= patience);
      assert.equal(patienceSpent(evaluations, null), false);
    }),
  );
});

const calm = Array.from({ length: 20 }, (_, i) => 1 + 0.01 * (i % 3));
const spiked = [...calm, 50, ...calm];

for (const action of ["warn", "skip", "stop"] as const)
  test(`a loss that jumps: ${action}`, async () => {
    const notes: string[] = [];
    const engine = scripted(spiked);
    const run = runLoop({
      ...options(`spike-${action}`, engine, spiked.length),
      spikes: { factor: 4, action },
      warn: (note) => notes.push(note),
    });
    if (action === "stop") {
      await assert.rejects(run, /^Error: step 21: loss 50\.0000 is above 4\.0400, 4 times .*; rows: row-a$/);
      assert.equal(engine.taken(), 20);
      return;
    }
    const { metrics } = await run;
    assert.equal(notes.length, 1);
    assert.match(
      notes[0]!,
      action === "skip" ? /^step 21: .*; not trained; rows: row-a/ : /^step 21: .*rows: row-a/,
    );
    assert.equal(engine.taken(), spiked.length - Number(action === "skip"));
    assert.deepEqual(
      metrics.filter((m) => m.skipped).map((m) => m.step),
      action === "skip" ? [21] : [],
    );
  });

test("no loss is a spike before there is a median, nor one below it", () => {
  assert.equal(spikeLimit(calm.slice(0, 15), 4), Number.POSITIVE_INFINITY);
  assert.ok(Math.abs(spikeLimit(calm, 3) - 3.03) < 1e-12);
  // The losses of long ago do not count.
  assert.equal(spikeLimit([...Array(100).fill(9), ...Array(64).fill(2)], 2), 4);
});

const held = {
  data: { agent: conversations(30, 1), general: conversations(20, 2) },
  ratio: { agent: 0.7, general: 0.3, code: 0 },
  batch: { rows: 4 },
  microTokens: 96,
  budget: { steps: 9 },
  learningRate: 0.01,
  evaluation: { every: 2, heldOut: 0.2, patience: 3 },
  lora: { rank: 4 },
  checkpointEvery: 3,
  threads: 1,
};

test("rows held out are not trained on, and a run killed between evaluations ends with the same bytes", async () => {
  await loadBackend({ threads: 1 });
  const model = join(folder, "base");
  writeTinyModel(model);
  const whole = join(folder, "whole");
  const summary = await train({ ...held, model, out: whole });
  assert.equal(summary.rows["agent"]!.rows, 24);
  assert.equal(summary.rows["general"]!.rows, 16);
  assert.deepEqual(Object.keys(summary.best!.sources), ["agent", "general"]);
  const parts = [
    "model.safetensors",
    "adapter/adapter_model.safetensors",
    "metrics.jsonl",
    "evaluations.jsonl",
  ];
  const bytes = (out: string) => parts.map((part) => readFileSync(join(out, part)));

  const out = join(folder, "killed");
  for (const at of [2, 5, 8])
    await assert.rejects(
      train({
        ...held,
        model,
        out,
        onStep: ({ step }) => {
          if (step === at) throw new Error("killed");
        },
      }),
      /killed/,
    );
  await train({ ...held, model, out });
  assert.deepEqual(bytes(out), bytes(whole));
  await assert.rejects(train({ ...held, tied: true, model, out: join(folder, "both") }), /lora, tied/);
});

test("a compiled step evaluates held-out rows and trains adapters as the eager one does", async (t) => {
  if ((await loadBackend({ threads: 1 })) !== "tensorflow") return t.skip("no native backend");
  const model = join(folder, "compiled-base");
  writeTinyModel(model);
  const losses: number[][] = [];
  for (const engine of ["eager", "graph"] as const) {
    const out = join(folder, engine);
    await train({ ...held, budget: { steps: 4 }, engine, model, out });
    const found = JSON.parse(readFileSync(join(out, "train.json"), "utf8"));
    assert.equal(found.engine, engine);
    const lines = readFileSync(join(out, "evaluations.jsonl"), "utf8").trim().split("\n");
    losses.push(lines.map((line) => JSON.parse(line).loss));
  }
  assert.equal(losses[0]!.length, 2);
  losses[0]!.forEach((loss, i) => {
    assert.ok(Math.abs(loss - losses[1]![i]!) < 1e-4, String(losses));
  });
});

test("TensorBoard reads the events, and of a run gone on with the later ones", (t) => {
  const missing = noReferenceWith("tensorboard");
  if (missing) return t.skip(missing);
  const events = join(folder, "events");
  const first = createEventWriter(events, 0);
  for (let step = 1; step <= 300; step++) first.scalars(step, { loss: 1 / step, tokens: step * 1e6 });
  first.scalars(301, { loss: Number.NaN });
  const second = createEventWriter(events, 200);
  second.scalars(201, { loss: 7 });
  const read = JSON.parse(runReference(join(ROOT, "tests", "expected", "tensorboard_read.py"), events));
  assert.equal(read.tokens.length, 200);
  assert.deepEqual(read.tokens[199], [200, 2e8]);
  assert.deepEqual(read.loss.slice(198), [
    [199, Math.fround(1 / 199)],
    [200, Math.fround(1 / 200)],
    [201, 7],
  ]);
});

test("a full disk is told, and the last good checkpoint is gone on from", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("only root may mount a small disk");
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]);
  if (mounted.status !== 0) return t.skip(`no small disk: ${mounted.stderr}`);
  try {
    await loadBackend({ threads: 1 });
    const model = join(folder, "small-base");
    writeTinyModel(model);
    const out = join(disk, "run");
    const { evaluation: _, lora: __, ...plain } = held;
    const settings = { ...plain, model, checkpointEvery: 2, out };
    const fill = join(disk, "fill");
    await assert.rejects(
      train({
        ...settings,
        onStep: ({ step }) => {
          // A state is 0.9 MB: the second does not fit beside the first any more.
          if (step === 3) writeFileSync(fill, Buffer.alloc(1e6));
        },
      }),
      /4\.safetensors: the disk is full; .*; the checkpoint of step 2 is whole: make room and run/,
    );
    assert.deepEqual(checkpointSteps(out), [2]);
    assert.deepEqual(
      readdirSync(join(out, "checkpoints")).filter((file) => file.endsWith(".tmp")),
      [],
    );
    rmSync(fill);
    const elsewhere = join(folder, "elsewhere");
    spawnSync("cp", ["-r", out, elsewhere]);
    await train({ ...settings, out: elsewhere });
    await train({ ...settings, out: join(folder, "unbroken") });
    const weights = (out: string) => readFileSync(join(out, "model.safetensors"));
    assert.ok(weights(elsewhere).equals(weights(join(folder, "unbroken"))));
    assert.ok(existsSync(join(elsewhere, "tensorboard")));
  } finally {
    spawnSync("umount", [disk]);
  }
});
