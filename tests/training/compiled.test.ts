/** The compiled engine trains as the eager one does. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { loadBackend } from "../../lib/model/backend";
import { llamaConfig } from "../../lib/model/config";
import { createLlama, disposeModel } from "../../lib/model/llama";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { createEngine } from "../../lib/training/engines/choose";
import { createCompiledEngine } from "../../lib/training/engines/compiled";
import { createEagerEngine } from "../../lib/training/engines/eager";
import type { Engine, MicroBatch } from "../../lib/training/engines/engine";
import type { TokenRow } from "../../lib/training/mask";
import { packRows } from "../../lib/training/packing";
import {
  type BatchShape,
  chooseLengths,
  chooseShapes,
  padBatch,
  shapeFor,
  shapeOf,
} from "../../lib/training/shapes";
import { ROOT } from "../../lib/util/files";
import { createRng } from "../../lib/util/random";

const folder = mkdtempSync(join(tmpdir(), "compiled-"));
after(() => rmSync(folder, { recursive: true }));
const native = loadBackend({ backend: "tensorflow", threads: 1 }).then(
  () => false as const,
  (error: Error) => error.message,
);
const config = llamaConfig({
  vocab_size: 97,
  hidden_size: 32,
  intermediate_size: 56,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
});
const tokenizer = loadTokenizer(join(ROOT, "data", "base"));

/** Rows of random tokens, the second half of each trained. */
function rows(lengths: readonly number[], seed: number): TokenRow[] {
  const rng = createRng(seed);
  return lengths.map((length, i) => ({
    name: `row ${i}`,
    ids: Int32Array.from({ length }, () => rng.int(0, 96)),
    trained: Uint8Array.from({ length }, (_, t) => Number(t >= length / 2)),
    cut: 0,
  }));
}
/** Steps of one and of several micro-batches, of different shapes. */
const steps: MicroBatch[][] = [
  [packRows(rows([20, 12, 9], 1))],
  [packRows(rows([33, 5], 2)), packRows(rows([8], 3))],
  [packRows(rows([16, 16, 16], 4))],
  [packRows(rows([7, 30], 5)), packRows(rows([11, 12, 13], 6))],
];
const options = { weightDecay: 0.01, clip: 0.7 };
const padded = chooseShapes(steps.flat().map(shapeOf), 2, 0);

function run(engine: Engine, from = 0): { loss: number; gradNorm: number }[] {
  return steps.slice(from).map((micro, i) => engine.step(micro, 0.01 / (from + i + 1)));
}

const open = chooseLengths(steps.flat().map(shapeOf), 2);

for (const [name, mode, shapes] of [
  ["graph", "graph", padded],
  ["graph of open sizes", "graph", open],
  ["xla", "xla", padded],
] as const)
  for (const tied of [false, true])
    test(`${name}${tied ? ", tied" : ""}: losses and gradient norms of four steps are the eager ones`, async (t) => {
      const reason = await native;
      if (reason) return t.skip(reason);
      const [eager, compiled] = [createLlama(config, createRng(1)), createLlama(config, createRng(1))];
      const reference = createEagerEngine(eager, tokenizer, { ...options, tied });
      const engine = await createCompiledEngine(compiled, tokenizer, {
        ...options,
        tied,
        shapes,
        accumulate: true,
        mode,
      });
      const [expected, found] = [run(reference), run(engine)];
      for (const [i, step] of expected.entries()) {
        assert.ok(Math.abs(found[i]!.loss - step.loss) < 2e-5, `step ${i}: ${found[i]!.loss}, ${step.loss}`);
        assert.ok(
          Math.abs(found[i]!.gradNorm / step.gradNorm - 1) < 1e-4,
          `step ${i}: norm ${found[i]!.gradNorm}, ${step.gradNorm}`,
        );
      }
      engine.saveModel(join(folder, mode));
      reference.saveModel(join(folder, "eager"));
      for (const [name, weight] of Object.entries(eager.weights)) {
        const [a, b] = [weight.dataSync(), compiled.weights[name]!.dataSync()];
        a.forEach((value, i) => void assert.ok(Math.abs(value - b[i]!) < 1e-4, `${name}[${i}]`));
      }
      for (const each of [engine, reference]) each.dispose();
      for (const model of [eager, compiled]) disposeModel(model);
    });

test("the engine that is asked for is taken, tied or not: the eager one that checks it holds the same model", async (t) => {
  const reason = await native;
  if (reason) return t.skip(reason);
  for (const tied of [false, true]) {
    const model = createLlama(config, createRng(4));
    const notes: string[] = [];
    const choice = { ...options, tied, engine: "graph", precision: "float32" } as const;
    const batches = { steps: steps.length, of: (step: number) => steps[step]! };
    const { engine, name } = await createEngine(model, tokenizer, choice, batches, (note) =>
      notes.push(note),
    );
    assert.deepEqual([name, notes], ["graph", []]);
    engine.dispose();
    disposeModel(model);
  }
});

test("a restored engine goes on to the bit", async (t) => {
  const reason = await native;
  if (reason) return t.skip(reason);
  const make = () => {
    const model = createLlama(config, createRng(2));
    return createCompiledEngine(model, tokenizer, { ...options, shapes: open, accumulate: true });
  };
  const [whole, first, second] = [await make(), await make(), await make()];
  const expected = run(whole);
  for (const micro of steps.slice(0, 2)) first.step(micro, 0.01 / (steps.indexOf(micro) + 1));
  first.saveState(join(folder, "state.safetensors"));
  second.restore(join(folder, "state.safetensors"));
  assert.deepEqual(run(second, 2), expected.slice(2));
  whole.saveState(join(folder, "a"));
  second.saveState(join(folder, "b"));
  assert.deepEqual(readFileSync(join(folder, "a")), readFileSync(join(folder, "b")));
  for (const engine of [whole, first, second]) engine.dispose();
});

test("a gradient that is not finite changes nothing", async (t) => {
  const reason = await native;
  if (reason) return t.skip(reason);
  const model = createLlama(config, createRng(3));
  const engine = await createCompiledEngine(model, tokenizer, { ...options, shapes: open, accumulate: true });
  const [good] = steps[0]!;
  engine.saveState(join(folder, "before"));
  const bad = {
    ...good!,
    targets: { ...good!.targets, weights: good!.targets.weights.map(() => Number.NaN) },
  };
  assert.ok(Number.isNaN(engine.step([bad], 0.01).gradNorm));
  engine.saveState(join(folder, "after"));
  assert.deepEqual(readFileSync(join(folder, "before")), readFileSync(join(folder, "after")));
  engine.dispose();
});

const shape = fc.record({
  B: fc.integer({ min: 1, max: 9 }),
  T: fc.integer({ min: 1, max: 300 }),
  R: fc.integer({ min: 1, max: 9 }),
});

test("every batch fits into a chosen shape, there are few, and padding keeps what is in it", () => {
  fc.assert(
    fc.property(
      fc.array(shape, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (batches: BatchShape[], most) => {
        for (const cost of [0, undefined]) {
          const chosen = chooseShapes(batches, most, cost);
          assert.ok(chosen.length <= most);
          for (const batch of batches) {
            const { B, T, R } = shapeFor(batch, chosen);
            assert.ok(B >= batch.B && T >= batch.T && R >= batch.R);
          }
        }
        const lengths = chooseLengths(batches, most);
        assert.ok(lengths.length <= most);
        for (const batch of batches) assert.ok(shapeFor(batch, lengths).T >= batch.T);
      },
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 6 }), (lengths) => {
      const batch = packRows(rows(lengths, 1));
      const { B, T, R } = shapeOf(batch);
      const padded = padBatch(batch, { B: B + 1, T: T + 5, R: R + 3 });
      const told = ({ batch, targets }: MicroBatch) =>
        [...targets.rows.keys()]
          .filter((i) => targets.weights[i]! > 0)
          .map((i) => [
            batch.ids[targets.rows[i]!],
            batch.positions[targets.rows[i]!],
            batch.segments[targets.rows[i]!],
            targets.labels[i],
          ]);
      assert.deepEqual(told(padded), told(batch));
      assert.equal(
        padded.batch.segments.filter((s) => s > 0).length,
        batch.batch.segments.filter((s) => s > 0).length,
      );
    }),
  );
});
