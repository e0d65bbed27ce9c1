/** Four training steps equal those of torch, transformers and peft: expected values from tests/expected/lora.py. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { loadTuned, withAdapter, writeAdapter } from "../../lib/model/adapter";
import { loadBackend } from "../../lib/model/backend";
import { loadModel } from "../../lib/model/checkpoint";
import { batchTensors, disposeModel, hiddenStates, type Llama, logits } from "../../lib/model/llama";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { createCompiledEngine } from "../../lib/training/engines/compiled";
import { createEagerEngine } from "../../lib/training/engines/eager";
import type { Engine, MicroBatch } from "../../lib/training/engines/engine";
import { loraTargets } from "../../lib/training/lora";
import { learningRateAt } from "../../lib/training/schedule";
import { chooseShapes, shapeOf } from "../../lib/training/shapes";
import { InputError } from "../../lib/util/errors";
import { ROOT } from "../../lib/util/files";
import { noReference, runReference } from "../reference";

interface Steps {
  steps: { loss: number; gradNorm: number; learningRate: number }[];
  logits: number[];
}
interface Expected {
  settings: { peak: number; betas: [number, number]; weightDecay: number; clip: number };
  warmup: number;
  steps: { ids: number[][]; labels: number[][]; lengths: number[] }[][];
  full: Steps;
  lora: Steps & { start: number[] };
}

const fixtures = join(ROOT, "tests", "fixtures");
const expected: Expected = JSON.parse(readFileSync(join(fixtures, "training-steps.json"), "utf8"));
const adapter = join(fixtures, "lora");
const tokenizer = loadTokenizer(join(ROOT, "data", "base"));
const folder = mkdtempSync(join(tmpdir(), "agentbank-parity-"));
after(() => rmSync(folder, { recursive: true }));

const backend = loadBackend({ threads: 1 });
const batches: MicroBatch[][] = expected.steps.map((step) => step.map(batchOf));
const { peak: _, ...settings } = expected.settings;
const lora = { rank: 4, alpha: 6, targets: loraTargets, merge: false, base: "../llama-gqa", from: adapter };
const kinds = { full: settings, lora: { ...settings, lora } } as const;

/** One text a row, as the script has it. */
function batchOf({ ids, labels, lengths }: Expected["steps"][number][number]): MicroBatch {
  const [B, T] = [ids.length, ids[0]!.length];
  const targets = labels.flatMap((row, b) =>
    row.flatMap((label, t) => (t > 0 && label >= 0 ? [{ row: b * T + t - 1, label }] : [])),
  );
  return {
    batch: {
      ids: Int32Array.from(ids.flat()),
      positions: Int32Array.from({ length: B * T }, (_, i) => i % T),
      segments: Int32Array.from(ids.flatMap((row, b) => row.map((_, t) => Number(t < lengths[b]!)))),
      B,
      T,
    },
    targets: {
      rows: Int32Array.from(targets, (t) => t.row),
      labels: Int32Array.from(targets, (t) => t.label),
      weights: new Float32Array(targets.length).fill(1),
    },
    names: ["row"],
  };
}

/** Logits of the script's text. */
function probe(model: Llama): Float32Array {
  const line = (f: (i: number) => number) => Int32Array.from({ length: 8 }, (_, i) => f(i));
  const batch = { ids: line((i) => i + 3), positions: line((i) => i), segments: line(() => 1), B: 1, T: 8 };
  return tf.tidy(() => logits(model, hiddenStates(model, batchTensors(batch))).dataSync() as Float32Array);
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(found.length, expected.length);
  const worst = Math.max(...Array.from(found, (x, i) => Math.abs(x - expected[i]!)));
  assert.ok(worst <= tolerance, `${what}: ${worst} apart`);
}

const compiled = (model: Llama, kind: keyof typeof kinds, recompute: boolean) =>
  createCompiledEngine(model, tokenizer, {
    ...kinds[kind],
    recompute,
    shapes: chooseShapes(batches.flat().map(shapeOf), 2),
    accumulate: true,
    evaluate: true,
  });
const engines: Record<string, (model: Llama, kind: keyof typeof kinds) => Engine | Promise<Engine>> = {
  eager: (model, kind) => createEagerEngine(model, tokenizer, kinds[kind]),
  recomputing: (model, kind) => createEagerEngine(model, tokenizer, { ...kinds[kind], recompute: true }),
  compiled: (model, kind) => compiled(model, kind, false),
  "compiled, recomputing": (model, kind) => compiled(model, kind, true),
};

for (const kind of ["full", "lora"] as const)
  for (const [name, create] of Object.entries(engines))
    test(`${name}, ${kind}: four steps are the reference's, to 1e-4`, async (t) => {
      if (name.startsWith("compiled") && (await backend) !== "tensorflow") return t.skip("no native backend");
      await backend;
      const model = loadModel(join(fixtures, "llama-gqa"));
      const before = Object.values(model.weights).map((w) => w.dataSync().slice());
      const engine = await create(model, kind);
      for (const [i, { loss, gradNorm, learningRate }] of expected[kind].steps.entries()) {
        near([engine.evaluate(batches[i]!)], [loss], 1e-4, `step ${i}: loss evaluated`);
        const found = engine.step(batches[i]!, learningRate);
        near([found.loss], [loss], 1e-4, `step ${i}: loss`);
        near([found.gradNorm / gradNorm], [1], 1e-4, `step ${i}: norm`);
      }
      const out = join(folder, `${name}-${kind}`);
      engine.saveModel(out);
      if (kind === "full") {
        near(probe(model), expected.full.logits, 2e-3, "logits");
      } else {
        Object.values(model.weights).forEach((w, i) => {
          assert.deepEqual(w.dataSync(), before[i], "a frozen weight changed");
        });
        const tuned = withAdapter(model, out);
        near(probe(tuned), expected.lora.logits, 2e-3, "logits");
        tf.dispose(Object.values(tuned.adapters!).flatMap(({ a, b }) => [a, b]));
      }
      engine.dispose();
      disposeModel(model);
    });

test("peft's adapter gives peft's logits, on the model and merged into it", async () => {
  await backend;
  const model = loadModel(join(fixtures, "llama-gqa"));
  const tuned = withAdapter(model, adapter);
  near(probe(tuned), expected.lora.start, 1e-4, "logits");
  const engine = createEagerEngine(model, tokenizer, { lora: { ...lora, merge: true } });
  engine.saveModel(join(folder, "merged"));
  const merged = loadModel(join(folder, "merged"));
  near(probe(merged), expected.lora.start, 1e-4, "logits of the merged model");
  const again = withAdapter(model, join(folder, "merged", "adapter"));
  near(probe(again), expected.lora.start, 1e-4, "logits of the adapter beside it");
  const loaded = loadTuned(adapter);
  near(probe(loaded), expected.lora.start, 1e-4, "logits of the base that the adapter names, with it");
  disposeModel(loaded);
  writeAdapter(join(folder, "astray"), tuned.adapters!, { ...lora, base: "no/such/base" });
  assert.throws(() => loadTuned(join(folder, "astray")), /no model "no\/such\/base" here/);
  assert.throws(() => withAdapter(model, folder), InputError);
  assert.throws(
    () => createEagerEngine(model, tokenizer, { lora: { ...lora, rank: 8 } }),
    /not of rank 8, alpha 6/,
  );
});

test("peft loads what was trained here, with the same logits", async (t) => {
  if (noReference) return t.skip(noReference);
  await backend;
  const model = loadModel(join(fixtures, "llama-gqa"));
  const engine = createEagerEngine(model, tokenizer, kinds.lora);
  for (const [i, micro] of batches.entries()) engine.step(micro, expected.lora.steps[i]!.learningRate);
  const out = join(folder, "for-peft");
  engine.saveModel(out);
  const file = join(folder, "logits.json");
  runReference(join(ROOT, "tests", "expected", "lora.py"), "check", out, file);
  near(probe(withAdapter(model, out)), JSON.parse(readFileSync(file, "utf8")), 1e-4, "logits");
});

test("the cosine is transformers', which starts one step earlier, at 0", () => {
  const { peak } = expected.settings;
  const steps = expected.steps.length + expected.warmup;
  expected.full.steps.forEach(({ learningRate }, i) => {
    // The script skips the step at rate 0: its step i is transformers' i + 1.
    const step = i + 1 < expected.warmup ? i : i + 1;
    const found = learningRateAt(step, { shape: "cosine", peak, steps, warmup: expected.warmup / steps });
    assert.ok(Math.abs(found - learningRate) < 1e-12, `step ${i}: ${found}, ${learningRate}`);
  });
});

test("a loss above the limit leaves the model as it was, with every engine", async (t) => {
  if ((await backend) !== "tensorflow") return t.skip("no native backend");
  for (const [name, create] of Object.entries(engines)) {
    const model = loadModel(join(fixtures, "llama-gqa"));
    const engine = await create(model, "full");
    const [both, one] = [batches[0]!, batches[0]!.slice(0, 1)];
    const before = engine.evaluate(both);
    for (const micro of [both, one]) {
      const { loss, gradNorm } = engine.step(micro, 0.1, 0.5);
      assert.ok(loss > 0.5 && gradNorm > 0, name);
      assert.equal(engine.evaluate(both), before, name);
    }
    // The gradient that was thrown away is not in the next step's, and no step was counted.
    near([engine.step(both, 0.1).gradNorm / expected.full.steps[0]!.gradNorm], [1], 1e-4, name);
    engine.dispose();
    disposeModel(model);
  }
});
