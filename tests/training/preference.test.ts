/**
 * Preference training: four steps equal those of TRL's DPOTrainer, the loss to 1e-4, margins, gradient norms and logits
 * after training to 1e-3 (expected values from tests/expected/dpo.py).
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { loadBackend } from "../../lib/model/backend";
import { loadModel } from "../../lib/model/checkpoint";
import { batchTensors, disposeModel, hiddenStates, logits } from "../../lib/model/llama";
import { scoreTokens } from "../../lib/model/score";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { createEagerEngine } from "../../lib/training/engines/eager";
import type { TokenRow } from "../../lib/training/mask";
import { type PreferOptions, prefer } from "../../lib/training/prefer";
import {
  type PairRows,
  packPairs,
  preferenceObjective,
  referenceMargins,
} from "../../lib/training/preference";
import type { Pair } from "../../lib/trajectory/pairs";
import { writePairs } from "../../lib/trajectory/pairs";
import { ROOT } from "../../lib/util/files";
import { agent, trajectory, user, writeTinyModel } from "./fixtures";

interface Row {
  ids: number[];
  trained: number[];
}
interface Expected {
  settings: {
    learningRate: number;
    betas: [number, number];
    weightDecay: number;
    clip: number;
    beta: number;
  };
  pairsOfAStep: number;
  pairs: { chosen: Row; rejected: Row }[];
  steps: { loss: number; gradNorm: number; margin: number; accuracy: number }[];
  logits: number[];
}

const fixtures = join(ROOT, "tests", "fixtures");
const expected: Expected = JSON.parse(readFileSync(join(fixtures, "dpo.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "agentbank-preference-"));
after(() => rmSync(folder, { recursive: true }));

const row = ({ ids, trained }: Row): TokenRow => ({
  name: "row",
  ids: Int32Array.from(ids),
  trained: Uint8Array.from(trained),
  cut: 0,
});
const near = (found: number, wanted: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(found - wanted) <= tolerance, `${what}: ${found}, expected ${wanted}`);

test("loss, gradient norm, margins and the trained model are those of TRL's DPOTrainer", async () => {
  await loadBackend({ threads: 1 });
  const model = loadModel(join(fixtures, "llama-gqa"));
  const { learningRate, beta, ...settings } = expected.settings;
  const known = expected.pairs.map(({ chosen, rejected }) => {
    const pair = { chosen: row(chosen), rejected: row(rejected), reference: 0 };
    return { ...pair, reference: referenceMargins(model, packPairs([pair]))[0]! };
  });
  const objective = preferenceObjective(beta);
  const tokenizer = loadTokenizer(join(ROOT, "data", "base"));
  const engine = createEagerEngine(model, tokenizer, { ...settings, objective });
  let after = 0;
  for (const [i, wanted] of expected.steps.entries()) {
    const step = known.slice(i * expected.pairsOfAStep, (i + 1) * expected.pairsOfAStep);
    // In two micro-batches, as a step that does not fit is.
    const micro = [packPairs(step.slice(0, 2)), packPairs(step.slice(2))];
    const { loss, gradNorm, scores } = engine.step(micro, learningRate);
    near(loss, wanted.loss, 1e-4, `loss of step ${i + 1}`);
    near(gradNorm, wanted.gradNorm, 1e-3, `gradient norm of step ${i + 1}`);
    near(scores!.margin!, wanted.margin, 1e-3, `margin of step ${i + 1}`);
    // Before the first step all margins are 0 but for rounding.
    if (i > 0) near(scores!.accuracy!, wanted.accuracy, 1e-6, `accuracy of step ${i + 1}`);
    // The first step makes the optimizer's moments.
    after ||= tf.memory().numTensors;
  }
  assert.equal(tf.memory().numTensors, after, "a step leaves no tensor behind");
  const line = (f: (i: number) => number) => Int32Array.from({ length: 8 }, (_, i) => f(i));
  const batch = { ids: line((i) => i + 3), positions: line((i) => i), segments: line(() => 1), B: 1, T: 8 };
  const found = tf.tidy(() => logits(model, hiddenStates(model, batchTensors(batch))).dataSync());
  found.forEach((x, i) => {
    near(x, expected.logits[i]!, 1e-3, `logit ${i} after training`);
  });
  engine.dispose();
  disposeModel(model);
});

test("however pairs are packed, each margin is the sum over its own trained tokens", async () => {
  await loadBackend({ threads: 1 });
  writeTinyModel(join(folder, "tiny"));
  const model = loadModel(join(folder, "tiny"));
  const logLikelihood = ({ ids, trained }: TokenRow) =>
    scoreTokens(model, [...ids]).reduce((sum, { logprob }, i) => sum + (trained[i] ? (logprob ?? 0) : 0), 0);
  const side = fc
    .array(fc.tuple(fc.integer({ min: 3, max: 1399 }), fc.boolean()), { minLength: 1, maxLength: 12 })
    .map((tokens) => row({ ids: tokens.map(([id]) => id), trained: tokens.map(([, t]) => Number(t)) }));
  // A batch has at least one target, or there would be nothing to train on.
  const anchor: PairRows = {
    chosen: row({ ids: [5, 6], trained: [0, 1] }),
    rejected: row({ ids: [7], trained: [0] }),
    reference: 0,
  };
  const pair = fc.record({ chosen: side, rejected: side, reference: fc.constant(0) });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 4 }), (some) => {
      const pairs = [...some, anchor];
      const found = referenceMargins(model, packPairs(pairs));
      pairs.forEach(({ chosen, rejected }, i) => {
        near(found[i]!, logLikelihood(chosen) - logLikelihood(rejected), 1e-3, `pair ${i}`);
      });
    }),
    { numRuns: 15 },
  );
  disposeModel(model);
});

const pairs: Pair[] = ["apple", "bread", "milk", "salt", "rice", "corn"].map((food) => ({
  chosen: trajectory(food, [user(`go ${food}`), agent(food), user("red"), agent("blue")]),
  rejected: trajectory(`${food}/explored`, [
    user(`go ${food}`),
    agent("corn corn"),
    user("red"),
    agent("go"),
  ]),
}));
const options: PreferOptions = {
  model: join(folder, "base"),
  pairs,
  out: join(folder, "whole"),
  batch: { rows: 3 },
  budget: { steps: 12 },
  microTokens: 40,
  learningRate: 3e-3,
  threads: 1,
};

test("pairs that are trained on come the right way round; done again it is the same to the byte, killed or not", async () => {
  await loadBackend({ threads: 1 });
  writeTinyModel(join(folder, "base"));
  const whole = await prefer(options);
  assert.deepEqual([whole.steps, whole.pairs, whole.cut], [12, 6, 0]);
  assert.equal(whole.accuracy, 1);
  assert.ok(whole.loss < 0.9 * Math.log(2) && whole.margin > 3, JSON.stringify(whole));
  assert.deepEqual(await prefer({ ...options, onStep: () => assert.fail("it is done") }), whole);

  const path = join(folder, "pairs.jsonl");
  writePairs(path, pairs);
  const killed = { ...options, pairs: path, out: join(folder, "killed"), checkpointEvery: 5 };
  const kill = ({ step }: { step: number }) => {
    if (step === 8) throw new Error("killed");
  };
  await assert.rejects(prefer({ ...killed, onStep: kill }), /killed/);
  let first = 0;
  const resumed = await prefer({
    ...killed,
    onStep: ({ step }) => {
      first ||= step;
    },
  });
  assert.equal(first, 6, "it goes on behind the checkpoint");
  assert.deepEqual(resumed, whole);
  for (const file of ["metrics.jsonl", "model.safetensors"])
    assert.ok(
      readFileSync(join(folder, "killed", file)).equals(readFileSync(join(folder, "whole", file))),
      file,
    );
});

test("faulty settings, faulty rows and no pairs at all are told", async () => {
  await assert.rejects(prefer({ ...options, beta: 0 }), /beta/);
  await assert.rejects(prefer({ ...options, pairs: [] }), /no pairs/);
  const path = join(folder, "faulty.jsonl");
  writePairs(path, [
    { chosen: pairs[0]!.chosen } as Pair,
    { ...pairs[0]!, rejected: {} as Pair["rejected"] },
  ]);
  await assert.rejects(prefer({ ...options, pairs: path }), (error: Error) => {
    assert.match(error.message, /faulty\.jsonl:1: not a pair/);
    return /faulty\.jsonl:2: /.test(error.message);
  });
});
