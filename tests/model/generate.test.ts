/** Decoding: compiled and eager, in turns, in company, from shared prefixes; the reference is the whole text read anew. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { loadBackend } from "../../lib/model/backend";
import { loadModel } from "../../lib/model/checkpoint";
import { llamaConfig } from "../../lib/model/config";
import { createDecodeStep } from "../../lib/model/decode/compiled";
import { sample } from "../../lib/model/decode/sample";
import { type DecodeInputs, EMPTY, RECENT } from "../../lib/model/decode/step";
import { createGenerator, type GeneratorOptions } from "../../lib/model/generate";
import {
  batchTensors,
  createLlama,
  disposeModel,
  hiddenStates,
  type Llama,
  logits,
} from "../../lib/model/llama";
import { scoreTokens } from "../../lib/model/score";
import { createRng } from "../../lib/util/random";

const native = loadBackend({ backend: "tensorflow", threads: 1 }).then(
  () => null,
  (error: Error) => error.message,
);
const sizes = {
  vocab_size: 97,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 1024,
  initializer_range: 0.4,
};
let model: Llama;
before(async () => {
  if (await native) await loadBackend();
  model = createLlama(llamaConfig(sizes), createRng(3));
});
after(() => disposeModel(model));

const text = (length: number, seed: number) => {
  const rng = createRng(seed);
  return Array.from({ length }, () => rng.int(3, 96));
};
const never = () => false;

/** Logits after the last token, the whole text read at once. */
function lastLogits(model: Llama, ids: readonly number[]): Float32Array {
  const T = ids.length;
  const z = tf.tidy(() => {
    const batch = {
      ids: Int32Array.from(ids),
      positions: Int32Array.from(ids, (_, i) => i),
      segments: new Int32Array(T).fill(1),
      B: 1,
      T,
    };
    return logits(model, tf.slice(hiddenStates(model, batchTensors(batch)), [T - 1, 0], [1, -1]));
  });
  const values = z.dataSync() as Float32Array;
  z.dispose();
  return values;
}

/** Each token must be the likeliest given all before it, to within rounding, when the whole is read at once. */
function assertGreedy(model: Llama, prompt: readonly number[], answer: readonly number[]): void {
  const scores = scoreTokens(model, [...prompt, ...answer], 1).slice(prompt.length);
  assert.equal(scores.length, answer.length);
  scores.forEach(({ logprob, top }, i) => {
    assert.ok(logprob! >= top[0]!.logprob - 1e-4, `token ${i} of ${answer.length} is not the likeliest`);
  });
}

test("one compiled step gives what the eager one gives, whatever the rows and columns", async (t) => {
  const reason = await native;
  if (reason) return t.skip(reason);
  const { num_hidden_layers: L, num_key_value_heads: K, head_dim: d } = model.config;
  const [eager, step] = [createDecodeStep(model, Number.POSITIVE_INFINITY), createDecodeStep(model, 0)];
  await step.prepare();
  const inputsOf = (R: number, S: number, held: number, seed: number): DecodeInputs => ({
    ids: tf.tensor1d(text(R, seed), "int32"),
    at: tf.tensor2d(text(R, seed), [R, 1], "int32"),
    past: {
      kv: tf.randomNormal([2 * L, R, K, S, d], 0, 1, "float32", seed) as tf.Tensor5D,
      at: tf.tensor2d(text(R * S, seed), [R, S], "int32"),
    },
    recent: {
      columns: Array.from(
        { length: RECENT },
        (_, i) => tf.randomNormal([2 * L, R, K, 1, d], 0, 1, "float32", i) as tf.Tensor5D,
      ),
      at: tf.tensor2d(
        text(R * RECENT, seed).map((at, i) => (i % RECENT < held ? at : EMPTY)),
        [R, RECENT],
        "int32",
      ),
    },
  });
  const values = ({ tokens, logits, column }: ReturnType<typeof step.run>) =>
    [tokens, logits, column].map((tensor) => [...tensor.dataSync()]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: RECENT }),
      fc.nat(1000),
      (R, S, held, seed) =>
        tf.tidy(() => {
          const inputs = inputsOf(R, S, held, seed);
          const [expected, found] = [values(eager.run(inputs)), values(step.run(inputs))];
          assert.deepEqual(found[0], expected[0]);
          for (const which of [1, 2])
            expected[which]!.forEach((value, i) => {
              assert.ok(
                Math.abs(value - found[which]![i]!) < 1e-4,
                `${which}: ${value}, ${found[which]![i]}`,
              );
            });
        }),
    ),
    { numRuns: 25 },
  );
  step.dispose();
});

for (const [name, options] of Object.entries({
  eager: { compileAfter: Number.POSITIVE_INFINITY },
  compiled: { compileAfter: 0 },
  "eager, then compiled": { compileAfter: 20 },
}) as [string, GeneratorOptions][])
  test(`${name}: greedy tokens are transformers', and what the whole text gives`, async (t) => {
    const reason = await native;
    if (reason && name !== "eager") return t.skip(reason);
    const folder = join(__dirname, "..", "fixtures", "llama-gqa");
    const known = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
    const fixture = loadModel(folder);
    const small = createGenerator(fixture, options);
    const answers = await Promise.all(
      (known.prompts as number[][]).map((ids) => small.generate({ ids, maxTokens: 24, isDone: never })),
    );
    assert.deepEqual(
      answers.map((answer) => answer.ids),
      known.greedy,
    );
    small.dispose();
    disposeModel(fixture);

    const before = tf.memory().numTensors;
    const generator = createGenerator(model, options);
    // Longer than a fold, over a bucket's edge, and rows that come and go.
    const prompts = [text(3, 1), text(50, 2), text(20, 3)];
    const many = await Promise.all(
      prompts.map((ids, i) => generator.generate({ ids, maxTokens: [70, 40, 9][i]!, isDone: never })),
    );
    many.forEach((answer, i) => {
      assertGreedy(model, prompts[i]!, answer.ids);
    });
    generator.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

test("a window of attention, biases and scaled positions are kept while decoding", async () => {
  const mistral = createLlama(
    llamaConfig({ ...sizes, model_type: "mistral", sliding_window: 12 }),
    createRng(4),
  );
  const generator = createGenerator(mistral, { compileAfter: 10 });
  const ids = text(20, 5);
  const answer = await generator.generate({ ids, maxTokens: 40, isDone: never });
  assertGreedy(mistral, ids, answer.ids);
  generator.dispose();
  disposeModel(mistral);
});

test("a prompt of several passes is read whole", async () => {
  const generator = createGenerator(model);
  const ids = text(700, 6);
  const [answer, short] = await Promise.all([
    generator.generate({ ids, maxTokens: 3, isDone: never }),
    generator.generate({ ids: text(4, 7), maxTokens: 3, isDone: never }),
  ]);
  assert.equal(answer.computed, 700);
  assertGreedy(model, ids, answer.ids);
  assertGreedy(model, text(4, 7), short.ids);
});

test("what prompts begin with in common is read once, whoever asked", async () => {
  const generator = createGenerator(model);
  const shared = text(60, 8);
  const prompts = Array.from({ length: 5 }, (_, i) => [...shared, ...text(4 + i, 100 + i)]);
  const ask = (i: number) =>
    generator.generate({ ids: prompts[i]!, maxTokens: 20, isDone: never, session: `s${i}` });
  const answers = await Promise.all([0, 1, 2, 3].map(ask));
  assert.deepEqual(
    answers.map((answer) => answer.computed),
    [64, 5, 6, 7],
  );
  const late = await ask(4);
  assert.equal(late.computed, 8);
  for (const [i, answer] of [...answers, late].entries()) assertGreedy(model, prompts[i]!, answer.ids);
  // Another session's turn goes on from its own, not from the shared beginning.
  const again = [...prompts[1]!, ...answers[1]!.ids, 5, 6];
  const turn = await generator.generate({ ids: again, maxTokens: 5, isDone: never, session: "s1" });
  assert.equal(turn.computed, 3);
  assertGreedy(model, again, turn.ids);
  generator.dispose();
});

test("memory: sessions beyond the slots are forgotten, and everything is freed", async () => {
  const before = tf.memory().numTensors;
  const generator = createGenerator(model, { slots: 4, compileAfter: Number.POSITIVE_INFINITY });
  let most = 0;
  for (let round = 0; round < 6; round++) {
    await Promise.all(
      Array.from({ length: 7 }, (_, i) =>
        generator.generate({
          ids: text(10 + i, 10 * round + i),
          maxTokens: 3 + i,
          isDone: never,
          session: `${round}/${i}`,
        }),
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, tf.memory().numTensors - before);
  }
  assert.ok(most <= 4, `${most} tensors for 4 slots`);
  generator.release("5/6");
  generator.release("never heard of");
  generator.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("a cancelled request ends, waiting or running, and its company does not notice", async () => {
  const generator = createGenerator(model, { slots: 2 });
  const [first, second] = [new AbortController(), new AbortController()];
  const long = generator.generate({
    ids: text(5, 20),
    maxTokens: 900,
    isDone: (ids) => {
      if (ids.length === 8) first.abort();
      return false;
    },
    signal: first.signal,
  });
  const other = generator.generate({ ids: text(5, 21), maxTokens: 30, isDone: never });
  const queued = generator.generate({
    ids: text(5, 22),
    maxTokens: 900,
    isDone: never,
    signal: second.signal,
  });
  second.abort();
  assert.equal((await long).ids.length, 8);
  assert.deepEqual((await queued).ids, []);
  assertGreedy(model, text(5, 21), (await other).ids);
  assert.equal((await other).ids.length, 30);
});

test("an error in one row's callback fails what runs, and the generator lives on", async () => {
  const generator = createGenerator(model);
  await assert.rejects(
    generator.generate({
      ids: [3, 4],
      maxTokens: 5,
      isDone: () => {
        throw new Error("broken");
      },
      session: "s",
    }),
    /broken/,
  );
  const answer = await generator.generate({ ids: [3, 4, 5], maxTokens: 5, isDone: never, session: "s" });
  assertGreedy(model, [3, 4, 5], answer.ids);
  generator.dispose();
});

test("scores are log-softmax of the whole text, with the likeliest in order", () => {
  const before = tf.memory().numTensors;
  const ids = text(300, 30);
  const scores = scoreTokens(model, ids, 3);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(scores[0], { id: ids[0], logprob: null, top: [] });
  for (const i of [1, 128, 256, 257, 299]) {
    const z = lastLogits(model, ids.slice(0, i));
    const log = [...z].map((value) => value - Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)));
    assert.ok(Math.abs(scores[i]!.logprob! - log[ids[i]!]!) < 1e-3);
    const order = log.map((_, id) => id).sort((a, b) => log[b]! - log[a]!);
    assert.deepEqual(
      scores[i]!.top.map(({ id }) => id),
      order.slice(0, 3),
    );
  }
});

test("property: the nucleus is the fewest likeliest tokens that reach topP, and draws stay in it", () => {
  const logit = fc.double({ min: -8, max: 8, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(logit, { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.double({ min: 0.1, max: 3, noNaN: true }),
      fc.integer(),
      (z, topP, temperature, seed) => {
        const weights = z.map((value) => Math.exp((value - Math.max(...z)) / temperature));
        const total = weights.reduce((a, b) => a + b);
        const drawn = sample(z, { temperature, topP, rng: createRng(seed) });
        const likelier = weights.filter((w) => w > weights[drawn]!).reduce((a, b) => a + b, 0);
        assert.ok(likelier < topP * total + 1e-9, "what is likelier reaches topP without it");
      },
    ),
  );
});

test("samples have the frequencies of softmax", () => {
  const z = [0, Math.log(2), Math.log(5)];
  const rng = createRng(9);
  const counts = [0, 0, 0];
  for (let i = 0; i < 8000; i++) counts[sample(z, { temperature: 1, rng })]!++;
  [1, 2, 5].forEach((weight, i) => {
    assert.ok(Math.abs(counts[i]! / 8000 - weight / 8) < 0.02, `${counts}`);
  });
});
