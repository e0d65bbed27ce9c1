/** Compiled functions compute what the same code computes eagerly. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { type CompiledFunction, compile } from "../../lib/compile/program";
import { loadBackend } from "../../lib/model/backend";
import { projectedCrossEntropy } from "../../lib/model/cross-entropy";

const native = loadBackend({ backend: "tensorflow", threads: 1 }).then(
  () => false as const,
  (error: Error) => error.message,
);

/** A two-layer network with a bias, softmax cross-entropy, and plain gradient descent. */
const shapes = { "a/w": [5, 7], b: [7], "c/w": [7, 3] };
function loss(x: tf.Tensor2D, y: tf.Tensor1D, w: Record<string, tf.Variable>): tf.Scalar {
  const hidden = tf.tanh(tf.add(tf.matMul(x, w["a/w"] as unknown as tf.Tensor2D), w["b"]!));
  const logits = tf.matMul(hidden as tf.Tensor2D, w["c/w"] as unknown as tf.Tensor2D);
  return tf.mean(tf.losses.softmaxCrossEntropy(tf.oneHot(y, 3), logits)) as tf.Scalar;
}
const step: CompiledFunction = {
  inputs: { x: { shape: [4, 5] }, y: { shape: [4], dtype: "int32" }, rate: { shape: [] } },
  run({ x, y, rate }, w) {
    const { value, grads } = tf.variableGrads(() => loss(x, y, w), Object.values(w));
    for (const v of Object.values(w)) v.assign(tf.sub(v, tf.mul(rate, grads[v.name]!)));
    return { loss: value };
  },
};
const start = () =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [
      name,
      tf.randomNormal(shape, 0, 1, "float32", i + 1).dataSync() as Float32Array,
    ]),
  );
const data = () => ({
  x: tf.randomNormal([4, 5], 0, 1, "float32", 9),
  y: tf.tensor1d([0, 2, 1, 2], "int32"),
  rate: tf.scalar(0.3),
});

function eagerly(steps: number): number[] {
  const values = start();
  const w = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      tf.variable(tf.tensor(values[name]!, shape), true, `eager/${steps}/${name}`),
    ]),
  );
  const losses = [];
  for (let i = 0; i < steps; i++) losses.push(step.run(data(), w)["loss"]!.dataSync()[0]!);
  tf.dispose(w);
  return losses;
}

for (const mode of ["graph", "xla"] as const)
  test(`${mode}: ten steps of gradient descent give the eager losses, and variables stay between calls`, async (t) => {
    const reason = await native;
    if (reason) return t.skip(reason);
    const program = await compile({
      mode,
      functions: { step },
      variables: Object.fromEntries(Object.entries(shapes).map(([n, shape]) => [n, { shape }])),
    });
    program.write(start());
    const inputs = data();
    const losses = Array.from({ length: 10 }, () => program.call("step", inputs)["loss"]!.dataSync()[0]!);
    const expected = eagerly(10);
    for (const [i, loss] of losses.entries())
      assert.ok(Math.abs(loss - expected[i]!) < 1e-5, `step ${i}: ${loss}, ${expected[i]}`);
    assert.ok(losses[9]! < losses[0]! / 2);
    program.dispose();
    assert.equal(tf.getBackend(), "tensorflow");
  });

test("functions share variables, and what one assigns the other reads", async (t) => {
  const reason = await native;
  if (reason) return t.skip(reason);
  const program = await compile({
    variables: { total: { shape: [2] }, other: { shape: [3] } },
    functions: {
      add: {
        inputs: { x: { shape: [2] } },
        run({ x }, { total }) {
          total!.assign(tf.add(total!, x));
          return { before: tf.scalar(0) };
        },
      },
      reset: {
        inputs: {},
        run(_, { total }) {
          const held = tf.add(total!, 0);
          total!.assign(tf.zeros([2]));
          return { held };
        },
      },
    },
  });
  assert.deepEqual(program.read(), { total: new Float32Array(2), other: new Float32Array(3) });
  program.call("add", { x: tf.tensor1d([1, 2]) });
  program.call("add", { x: tf.tensor1d([10, 20]) });
  assert.deepEqual([...program.read(["total"])["total"]!], [11, 22]);
  program.write({ other: Float32Array.of(7, 8, 9) });
  assert.deepEqual([...program.call("reset", {})["held"]!.dataSync()], [11, 22]);
  assert.deepEqual(Object.fromEntries(Object.entries(program.read()).map(([k, v]) => [k, [...v]])), {
    total: [0, 0],
    other: [7, 8, 9],
  });
  assert.throws(() => program.call("x", {}), {
    name: "RangeError",
    message: 'no function "x"; known: add, reset',
  });
  program.dispose();
});

test("bfloat16 rounds what matrix products read", async (t) => {
  const reason = await native;
  if (reason) return t.skip(reason);
  const product: CompiledFunction = {
    inputs: { a: { shape: [8, 64] }, b: { shape: [64, 8] } },
    run: ({ a, b }) => ({ product: tf.matMul(a, b) }),
  };
  const a = tf.randomNormal([8, 64], 0, 1, "float32", 1);
  const b = tf.randomNormal([64, 8], 0, 1, "float32", 2);
  const exact = tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D).dataSync();
  const worst = async (precision: "float32" | "bfloat16") => {
    const program = await compile({ precision, functions: { product } });
    const values = program.call("product", { a, b })["product"]!.dataSync();
    program.dispose();
    return Math.max(...values.map((v, i) => Math.abs(v - exact[i]!)));
  };
  assert.ok((await worst("float32")) < 1e-5);
  const rounded = await worst("bfloat16");
  assert.ok(rounded > 1e-4 && rounded < 0.5, `${rounded}`);
});

test("what cannot be compiled says why, and the backend is back", async (t) => {
  const reason = await native;
  if (reason) return t.skip(reason);
  const refused = (run: CompiledFunction["run"]) =>
    compile({ functions: { f: { inputs: { x: { shape: [4] } }, run } } });
  await assert.rejects(
    refused(({ x }) => ({ y: tf.add(x, x.dataSync()[0]) })),
    /the value of a recorded tensor is not known/,
  );
  await assert.rejects(
    refused(({ x }) => ({ y: tf.cumsum(x) })),
    /Cumsum.*recorder/,
  );
  const outside = tf.tensor1d([1, 2, 3, 4]);
  const program = await refused(({ x }) => ({ y: tf.add(x, 1) }));
  assert.equal(tf.getBackend(), "tensorflow");
  assert.deepEqual([...tf.add(outside, 1).dataSync()], [2, 3, 4, 5]);
  program.dispose();
});

for (const frozen of [false, true])
  test(`${frozen ? "a frozen" : "a"} vocabulary by chunks of rows gives the eager loss and gradients`, async (t) => {
    const reason = await native;
    if (reason) return t.skip(reason);
    const [N, D, V] = [11, 5, 7];
    const values = {
      x: tf.randomNormal([N, D], 0, 1, "float32", 1).dataSync() as Float32Array,
      w: tf.randomNormal([V, D], 0, 1, "float32", 2).dataSync() as Float32Array,
    };
    const y = tf.tensor1d(
      Array.from({ length: N }, (_, i) => (i * 3) % V),
      "int32",
    );
    const weights = tf.linspace(0, 1, N);
    const differentiate = (
      inputs: Record<string, tf.Tensor>,
      all: Record<string, tf.Variable>,
      held: number,
    ) => {
      const [labels, counted] = [inputs["y"], inputs["weights"]] as [tf.Tensor1D, tf.Tensor1D];
      const x = all["x"] as unknown as tf.Tensor2D;
      const { value, grads } = tf.variableGrads(
        () => projectedCrossEntropy(x, all["w"]!, labels, counted, frozen, held),
        frozen ? [all["x"]!] : [all["x"]!, all["w"]!],
      );
      const gradient = (name: string) => grads[all[name]!.name]!;
      return { value, dx: gradient("x"), ...(!frozen && { dw: gradient("w") }) };
    };
    const program = await compile({
      variables: { x: { shape: [N, D] }, w: { shape: [V, D] } },
      functions: {
        loss: {
          inputs: { y: { shape: [N], dtype: "int32" }, weights: { shape: [N] } },
          run: (inputs, all) => differentiate(inputs, all, 2 * V),
        },
      },
    });
    program.write(values);
    const results = program.call("loss", { y, weights });
    const eager = differentiate(
      { y, weights },
      { x: tf.variable(tf.tensor(values.x, [N, D])), w: tf.variable(tf.tensor(values.w, [V, D])) },
      N * V,
    );
    for (const [name, expected] of Object.entries(eager)) {
      const found = results[name]!.dataSync();
      for (const [i, value] of expected.dataSync().entries())
        assert.ok(Math.abs(value - found[i]!) < 1e-5, `${name}[${i}]: ${found[i]}, ${value}`);
    }
    program.dispose();
  });
