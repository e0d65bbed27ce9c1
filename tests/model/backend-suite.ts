/**
 * What every backend must do: one suite, run by a file and so a process for each backend.
 * Expected values are transformers', written by tests/expected/llama_tiny.py and architectures.py.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { type Backend, loadBackend } from "../../lib/model/backend";
import { loadModel } from "../../lib/model/checkpoint";
import { projectedCrossEntropy } from "../../lib/model/cross-entropy";
import { createGenerator, type Generator } from "../../lib/model/generate";
import {
  type Batch,
  batchTensors,
  disposeModel,
  hiddenStates,
  type Llama,
  logits,
  lossSum,
  type Targets,
  targetTensors,
} from "../../lib/model/llama";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { createEagerEngine } from "../../lib/training/engines/eager";
import type { MicroBatch } from "../../lib/training/engines/engine";
import type { AdamWOptions } from "../../lib/training/optimizer";
import { ROOT } from "../../lib/util/files";
import { createRng } from "../../lib/util/random";

interface Expected {
  batch: { ids: number[]; positions: number[]; segments: number[]; B: number; T: number };
  targets: { rows: number[]; labels: number[]; weights: number[] };
  logits: number[];
  loss: number;
  gradientNorms: Record<string, number>;
  gradientNorm: number;
  prompts: number[][];
  greedy: number[][];
}

const fixtures = join(__dirname, "..", "fixtures");
const models = [
  "llama-gqa",
  "llama-tied",
  "architectures/llama3",
  "architectures/linear",
  "architectures/mistral",
  "architectures/qwen2",
];

interface LossCurve {
  settings: AdamWOptions & { peak: number };
  batches: { ids: number[][]; labels: number[][]; lengths: number[] }[];
  steps: { loss: number; gradNorm: number }[];
}

/** Absolute, on logits up to about 10, a loss of about 5 and a gradient norm of about 10. */
const TOLERANCE = 1e-4;

/** Relative: rounding grows from step to step, from 1e-7 in the norm of the first to 3e-4 in that of the sixth. */
const NORM_TOLERANCE = 5e-4;

/** @param brief for an adapter of software, half a second a token: one model, and its first few tokens */
export function backendSuite(backend: Backend, brief = false): void {
  const TOKENS = brief ? 3 : 24;
  describe(`tfjs on ${backend} equals transformers`, () => {
    let missing: string | null = null;
    before(async () => {
      await loadBackend({ backend, threads: 1 }).catch((error: Error) => {
        // The other two are in every installation.
        if (backend === "wasm" || backend === "cpu") throw error;
        missing = error.message;
      });
    });
    const check = (name: string, run: () => Promise<void> | void) =>
      test(name, async (t) => (missing ? t.skip(missing) : run()));

    for (const name of brief ? models.slice(0, 1) : models) {
      const folder = join(fixtures, name);
      const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
      const [batch, targets] = [typedBatch(expected.batch), typedTargets(expected.targets)];
      let model: Llama;

      check(`${name}: logits`, () => {
        model = loadModel(folder);
        const z = tf.tidy(() => logits(model, hiddenStates(model, batchTensors(batch))));
        const V = model.config.vocab_size;
        assert.deepEqual(z.shape, [batch.B * batch.T, V]);
        // Nothing is asked of padding.
        near(
          z.dataSync().filter((_, i) => batch.segments[Math.floor(i / V)] !== 0),
          expected.logits.filter((_, i) => batch.segments[Math.floor(i / V)] !== 0),
        );
        z.dispose();
      });

      check(`${name}: loss and the gradient of every parameter`, () => {
        const before = tf.memory().numTensors;
        const { value, grads } = tf.variableGrads(
          () => lossSum(model, batchTensors(batch), targetTensors(targets)),
          Object.values(model.weights),
        );
        near([value.dataSync()[0]!], [expected.loss]);
        const norms = Object.entries(model.weights).map(([name, variable]) => {
          const norm = Math.hypot(...grads[variable.name]!.dataSync());
          near([norm], [expected.gradientNorms[name]!], name);
          return norm;
        });
        near([Math.hypot(...norms)], [expected.gradientNorm]);
        tf.dispose([value, grads]);
        assert.equal(tf.memory().numTensors, before);
      });

      check(`${name}: greedy tokens, alone and in any company`, async () => {
        const generator = createGenerator(model);
        const before = tf.memory().numTensors;
        const ask = greedy(generator);
        const answers = expected.greedy.map((ids) => ids.slice(0, TOKENS));
        for (const [i, prompt] of expected.prompts.slice(0, brief ? 0 : undefined).entries()) {
          assert.deepEqual((await ask(prompt, TOKENS)).ids, answers[i]);
        }
        const together = await Promise.all(expected.prompts.map((prompt) => ask(prompt, TOKENS)));
        assert.deepEqual(
          together.map((answer) => answer.ids),
          answers,
        );
        if (!brief) {
          // Rows that come and go, more than fit at once, each with its own end.
          const few = createGenerator(model, { slots: 3 });
          const crowd = await Promise.all(
            Array.from({ length: 10 }, (_, n) => greedy(few)(expected.prompts[n % 3]!, 1 + 2 * n)),
          );
          crowd.forEach((answer, n) => {
            assert.deepEqual(answer.ids, expected.greedy[n % 3]!.slice(0, 1 + 2 * n));
          });
          few.dispose();
        }
        generator.dispose();
        assert.equal(tf.memory().numTensors, before);
      });

      // What a generator remembers is the host's affair.
      if (!brief)
        check(`${name}: a session reads each token once`, async () => {
          const generator = createGenerator(model);
          const ask = greedy(generator);
          const [prompt, answer] = [expected.prompts[2]!, expected.greedy[2]!];
          const first = await ask(prompt, 6, "s");
          assert.deepEqual([first.ids, first.computed], [answer.slice(0, 6), prompt.length]);
          const second = await ask([...prompt, ...answer.slice(0, 6)], 6, "s");
          assert.deepEqual([second.ids, second.computed], [answer.slice(6, 12), 1]);
          // A prompt that goes another way after five tokens keeps those.
          const other = [...prompt.slice(0, 5), 7, 8, 9];
          const branched = await ask(other, 6, "s");
          assert.deepEqual([branched.ids, branched.computed], [(await ask(other, 6)).ids, 3]);
          // Two requests of one session at once do not disturb each other.
          const both = await Promise.all([ask(prompt, 24, "s"), ask(expected.prompts[1]!, 24, "s")]);
          assert.deepEqual(
            both.map((b) => b.ids),
            [answer, expected.greedy[1]],
          );
          generator.release("s");
          assert.equal((await ask(prompt, 1, "s")).computed, prompt.length);
        });

      if (!brief)
        check(`${name}: packed texts do not see each other`, () => {
          const ids = Array.from({ length: 12 }, (_, i) => (i * 31 + 5) % model.config.vocab_size);
          const row = (ids: number[], lengths: number[]) =>
            typedBatch({
              ids,
              positions: lengths.flatMap((n) => Array.from({ length: n }, (_, i) => i)),
              segments: lengths.flatMap((n, s) => Array.from({ length: n }, () => s + 1)),
              B: 1,
              T: ids.length,
            });
          const states = (batch: Batch) => {
            const hidden = hiddenStates(model, batchTensors(batch));
            const data = [...hidden.dataSync()];
            hidden.dispose();
            return data;
          };
          const apart = [ids.slice(0, 5), ids.slice(5, 9), ids.slice(9)].map((part) =>
            states(row(part, [part.length])),
          );
          near(states(row(ids, [5, 4, 3])), apart.flat());
        });
    }

    check("ten training steps have torch's losses", () => {
      const { settings, batches, steps } = JSON.parse(
        readFileSync(join(fixtures, "loss-curve.json"), "utf8"),
      ) as LossCurve;
      const model = loadModel(join(fixtures, "llama-gqa"));
      const engine = createEagerEngine(model, loadTokenizer(join(ROOT, "data", "base")), settings);
      let held = 0;
      for (const [i, { loss, gradNorm }] of steps.entries()) {
        const found = engine.step([microBatch(batches[i % batches.length]!)], settings.peak);
        near([found.loss], [loss], `loss of step ${i + 1}`);
        near([found.gradNorm / gradNorm], [1], `norm of step ${i + 1}`, NORM_TOLERANCE);
        // The first step makes the moments; the others leave nothing.
        if (i === 0) held = tf.memory().numTensors;
      }
      assert.equal(tf.memory().numTensors, held);
      engine.dispose();
      disposeModel(model);
    });

    if (brief) return;
    check(
      "a row longer than an attention chunk: two texts in it count as the same two in rows of their own",
      () => {
        const model = loadModel(join(fixtures, "llama-gqa"));
        const n = 150;
        const flat = (value: (i: number) => number) => Int32Array.from({ length: 2 * n }, (_, i) => value(i));
        const ids = flat((i) => (i * 31 + (i >> 3)) % model.config.vocab_size);
        const positions = flat((i) => i % n);
        const rows = flat((i) => i);
        const targets = {
          rows,
          labels: rows.map((i) => (i * 7) % 97),
          weights: new Float32Array(2 * n).fill(1 / n),
        };
        const gradients = (batch: Batch) => {
          const { value, grads } = tf.variableGrads(
            () => lossSum(model, batchTensors(batch), targetTensors(targets)),
            Object.values(model.weights),
          );
          const result = [value, ...Object.values(grads)].map((t) => t.dataSync());
          tf.dispose([value, grads]);
          return result;
        };
        const apart = gradients({ ids, positions, segments: flat(() => 1), B: 2, T: n });
        const packed = gradients({
          ids,
          positions,
          segments: flat((i) => 1 + Math.floor(i / n)),
          B: 1,
          T: 2 * n,
        });
        packed.forEach((values, i) => {
          near(values, apart[i]!);
        });
      },
    );

    for (const frozen of [false, true])
      check(
        `${frozen ? "a frozen" : "a"} vocabulary by chunks of rows: loss and gradients as of all at once`,
        () => {
          const before = tf.memory().numTensors;
          const [N, D, V] = [11, 5, 7];
          const variable = (shape: [number, number], seed: number) => {
            const start = tf.randomNormal(shape, 0, 1, "float32", seed);
            const made = tf.variable(start) as tf.Variable;
            start.dispose();
            return made;
          };
          const labels = tf.tensor1d(
            Array.from({ length: N }, (_, i) => (i * 3) % V),
            "int32",
          );
          const weights = tf.linspace(0, 1, N);
          const of = (held: number) => {
            const [x, w] = [variable([N, D], 1), variable([V, D], 2)];
            const loss = () =>
              projectedCrossEntropy(x as unknown as tf.Tensor2D, w, labels, weights, frozen, held);
            const { value, grads } = tf.variableGrads(
              () => tf.mul(loss(), 3) as tf.Scalar,
              frozen ? [x] : [x, w],
            );
            const plain = tf.tidy(loss);
            const told = [value, plain, ...Object.values(grads)].map((t) => t.dataSync());
            tf.dispose([value, plain, grads, x, w]);
            return told;
          };
          const whole = of(N * V);
          for (const held of [1, 2 * V, 4 * V + 3])
            for (const [i, values] of of(held).entries()) near(values, whole[i]!);
          assert.equal(whole.length, frozen ? 3 : 4);
          tf.dispose([labels, weights]);
          assert.equal(tf.memory().numTensors, before);
        },
      );

    check("sampling is reproducible, and colder is greedier", async () => {
      const model = loadModel(join(fixtures, "llama-gqa"));
      const generator = createGenerator(model);
      const draw = async (temperature: number, seed: number) =>
        (
          await generator.generate({
            ids: [3, 4, 5],
            maxTokens: 12,
            isDone: () => false,
            sampling: { temperature, rng: createRng(seed) },
          })
        ).ids;
      assert.deepEqual(await draw(1, 1), await draw(1, 1));
      assert.notDeepEqual(await draw(1, 1), await draw(1, 2));
      assert.deepEqual(await draw(1e-4, 1), (await greedy(generator)([3, 4, 5], 12)).ids);
    });
  });
}

function greedy(generator: Generator) {
  return (ids: number[], maxTokens: number, session?: string) =>
    generator.generate({ ids, maxTokens, isDone: () => false, session });
}

function near(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  name = "",
  tolerance = TOLERANCE,
): void {
  assert.equal(actual.length, expected.length);
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const gap = Math.abs(actual[i]! - expected[i]!);
    worst = Math.max(worst, gap);
  }
  assert.ok(worst <= tolerance, `${name} off by ${worst}`);
}

/** Rows as the script has them: one text each, a label beside the token that it is. */
function microBatch({ ids, labels, lengths }: LossCurve["batches"][number]): MicroBatch {
  const [B, T] = [ids.length, ids[0]!.length];
  const trained = labels.flatMap((row, b) =>
    row.flatMap((label, t) => (t > 0 && label >= 0 ? [{ row: b * T + t - 1, label }] : [])),
  );
  return {
    batch: typedBatch({
      ids: ids.flat(),
      positions: ids.flatMap((row) => [...row.keys()]),
      segments: ids.flatMap((row, b) => row.map((_, t) => Number(t < lengths[b]!))),
      B,
      T,
    }),
    targets: typedTargets({
      rows: trained.map(({ row }) => row),
      labels: trained.map(({ label }) => label),
      weights: trained.map(() => 1),
    }),
    names: ["row"],
  };
}

const typedBatch = (b: Expected["batch"]): Batch => ({
  ids: Int32Array.from(b.ids),
  positions: Int32Array.from(b.positions),
  segments: Int32Array.from(b.segments),
  B: b.B,
  T: b.T,
});

const typedTargets = (t: Expected["targets"]): Targets => ({
  rows: Int32Array.from(t.rows),
  labels: Int32Array.from(t.labels),
  weights: Float32Array.from(t.weights),
});
