import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { loadBackend } from "../../lib/model/backend";
import { createAdamW } from "../../lib/training/optimizer";
import { learningRateAt, schedules } from "../../lib/training/schedule";

/** What tests/expected/adamw.py prints, torch 2.6. */
const EXPECTED = {
  norms: [1.5165750980377197, 2.880972146987915, 4.277850151062012],
  w: [0.44157806038856506, -0.1930752992630005, 0.9340651631355286, 1.9325945377349854],
  g: [1.0600558519363403, -1.0555338859558105],
};

test("AdamW equals torch.optim.AdamW with clipping, decay on the matrix alone", async () => {
  await loadBackend({ threads: 1 });
  // Tolerance 1e-6, single precision.
  const w = tf.variable(
    tf.tensor2d([
      [0.5, -0.25],
      [1, 2],
    ]),
    true,
    "w",
  );
  const g = tf.variable(tf.tensor1d([1, -1]), true, "g");
  const optimizer = createAdamW([w, g], { betas: [0.9, 0.98], epsilon: 1e-8, weightDecay: 0.1, clip: 1 });
  const norms = [1, 2, 3].map((step) =>
    optimizer.step(
      {
        w: tf.tensor2d([
          [0.3, -0.4],
          [step, 0.1],
        ]),
        g: tf.tensor1d([-step, 0.2]),
      },
      0.01 * step,
    ),
  );
  close(norms, EXPECTED.norms);
  close([...w.dataSync()], EXPECTED.w);
  close([...g.dataSync()], EXPECTED.g);
  optimizer.dispose();
  tf.dispose([w, g]);
});

test("a gradient that is not finite changes nothing; a restored optimizer goes on to the bit", async () => {
  await loadBackend({ threads: 1 });
  const start = () => tf.variable(tf.tensor1d([1, 2, 3]));
  const gradient = (step: number) => tf.tensor1d([0.1 * step, -0.2, 0.3]);
  const a = start();
  const first = createAdamW([a]);
  for (let step = 1; step <= 3; step++) first.step({ [a.name]: gradient(step) }, 0.1);
  const weights = a.dataSync().slice();
  const b = tf.variable(tf.tensor1d(weights));
  const second = createAdamW([b]);
  second.restore(first.state());
  assert.ok(Number.isNaN(first.step({ [a.name]: tf.tensor1d([Number.NaN, 0, 0]) }, 0.1)));
  assert.deepEqual(a.dataSync(), weights);
  first.step({ [a.name]: gradient(4) }, 0.1);
  second.step({ [b.name]: gradient(4) }, 0.1);
  assert.deepEqual(b.dataSync(), a.dataSync());

  const before = tf.memory().numTensors;
  second.step({ [b.name]: gradient(5) }, 0.1);
  assert.equal(tf.memory().numTensors, before);
});

test("learning rates rise to the peak, never exceed it, and are never zero", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...schedules),
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (shape, steps, warmup) => {
        const rates = Array.from({ length: steps }, (_, s) =>
          learningRateAt(s, { shape, peak: 2, steps, warmup }),
        );
        const top = Math.min(steps - 1, Math.max(0, Math.round(warmup * steps) - 1));
        rates.forEach((rate, s) => {
          assert.ok(rate > 0 && rate <= 2 + 1e-12);
          if (s > 0) assert.ok(s <= top ? rate > rates[s - 1]! : rate <= rates[s - 1]! || s === top + 1);
        });
      },
    ),
  );
  const at = (step: number, shape: (typeof schedules)[number]) =>
    learningRateAt(step, { shape, peak: 1, steps: 110, warmup: 10 / 110 });
  assert.ok(Math.abs(at(60, "cosine") - 0.5) < 1e-12);
  assert.ok(Math.abs(at(60, "linear") - 0.5) < 1e-12);
  assert.equal(at(60, "constant"), 1);
  assert.ok(Math.abs(at(88, "trapezoid") - 0.5) < 1e-12);
});

const close = (found: readonly number[], expected: readonly number[]) =>
  found.forEach((x, i) => {
    assert.ok(Math.abs(x - expected[i]!) < 1e-6, `${found} against ${expected}`);
  });
