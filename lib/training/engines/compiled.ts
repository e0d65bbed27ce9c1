/**
 * The engine on a compiled step: forward, backward, clipping and AdamW are one TensorFlow graph for each shape of
 * batch, recorded from the same model code that the eager engine runs.
 *
 *     one micro-batch      step:  weights, moments ← AdamW(clip(∇loss))
 *     several              add:   sum ← sum + ∇loss, for each;   apply: weights, moments ← AdamW(clip(sum)), sum ← 0
 */
import * as tf from "@tensorflow/tfjs";
import { applyAdam } from "../../compile/adam";
import { type CompiledFunction, compile, type TensorSpec } from "../../compile/program";
import { type BatchTensors, type Llama, lossSum, type TargetTensors } from "../../model/llama";
import type { Tokenizer } from "../../model/tokenizer";
import type { AdamWOptions } from "../optimizer";
import { type ParameterOptions, parametersOf } from "../parameters";
import { padBatch, type StepShape, shapeFor, shapeOf } from "../shapes";
import { type Engine, type MicroBatch, weightOf } from "./engine";
import { readState, type StateKind, writeState } from "./state";

export interface CompiledEngineOptions extends AdamWOptions, ParameterOptions {
  /** Every batch must fit into one of these. */
  shapes: readonly StepShape[];
  /** Whether a step may have several micro-batches: costs memory for the sum of their gradients. */
  accumulate: boolean;
  /** Whether `evaluate` will be called. Default false. */
  evaluate?: boolean;
  /** Default graph. */
  mode?: "graph" | "xla";
  /** What matrix products read; weights, sums and softmax are float32. Default float32. */
  precision?: "float32" | "bfloat16";
  /** As the eager engine's; in mode xla it has no effect. Default false. */
  recompute?: boolean;
}

type Named<T> = Readonly<Record<string, T>>;

/** Inputs of the update: what of AdamW changes from step to step. */
const updateInputs: Named<TensorSpec> = {
  rate: { shape: [] },
  floor: { shape: [] },
  kept: { shape: [] },
  limit: { shape: [] },
};

/** Trains `model` as the eager engine does; the model itself changes when it is saved. */
export async function createCompiledEngine(
  model: Llama,
  tokenizer: Tokenizer,
  options: CompiledEngineOptions,
): Promise<Engine> {
  const { shapes, accumulate, mode, precision } = options;
  const { betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0, clip = 1 } = options;
  const parameters = parametersOf(model, options);
  const names = Object.keys(parameters.variables);
  const sizes = Object.fromEntries(names.map((name) => [name, parameters.variables[name]!.size]));
  const shapeOfParameter = (name: string) => parameters.variables[name]!.shape;

  const frozen = Object.keys(parameters.frozen);

  const pick = (all: Named<tf.Variable>, kind: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, all[`${kind}/${name}`]!]));
  const lossOf = (
    { ids, positions, segments, rows, labels, weights }: Named<tf.Tensor>,
    all: Named<tf.Variable>,
  ) => {
    const flat = (x: tf.Tensor | undefined) => tf.reshape(x!, [-1]);
    const batch = { ids: flat(ids), positions: flat(positions), segments } as BatchTensors;
    const targets = { rows, labels, weights } as TargetTensors;
    const view = parameters.view(pick(all, "w", names), pick(all, "frozen", frozen));
    return lossSum({ ...view, recompute: options.recompute }, batch, targets);
  };
  /** Loss, and gradients by name. */
  const differentiate = (inputs: Named<tf.Tensor>, all: Named<tf.Variable>) => {
    const trained = pick(all, "w", names);
    const { value, grads } = tf.variableGrads(() => lossOf(inputs, all), Object.values(trained));
    return {
      loss: value,
      gradients: Object.fromEntries(names.map((name) => [name, grads[trained[name]!.name]!])),
    };
  };
  /**
   * AdamW as in optimizer.ts; gives the norm before clipping. Nothing changes where that is not finite, or the loss
   * above its limit: the gradient then counts 0 times, and the moments keep all of themselves.
   */
  const update = (
    { rate, floor, kept, limit }: Named<tf.Tensor>,
    all: Named<tf.Variable>,
    gradients: Named<tf.Tensor>,
    loss: tf.Tensor,
  ) => {
    const norm = tf.sqrt(tf.addN(names.map((name) => tf.sum(tf.square(gradients[name]!)))));
    const sound = tf.logicalAnd(tf.isFinite(norm), tf.lessEqual(loss, limit!));
    const unless = (otherwise: number, value: tf.Tensor) =>
      choose(sound, value, tf.scalar(otherwise)) as tf.Scalar;
    const scalars = {
      scale: unless(0, tf.div(clip, tf.maximum(norm, clip))),
      rate: unless(0, rate!),
      beta1: unless(1, tf.scalar(beta1)),
      beta2: unless(1, tf.scalar(beta2)),
      floor: floor as tf.Scalar,
    };
    const left = unless(1, kept!);
    for (const name of names) {
      const [w, m, v] = ["w", "m", "v"].map((kind) => all[`${kind}/${name}`]!) as [
        tf.Variable,
        tf.Variable,
        tf.Variable,
      ];
      const decay = w.rank > 1 && weightDecay > 0 ? { kept: left } : {};
      applyAdam({ w, m, v, gradient: gradients[name]!, ...scalars, ...decay });
    }
    return norm;
  };

  const functions: Record<string, CompiledFunction> = {};
  for (const shape of shapes) {
    const { B, T, R } = { T: shape.T, B: shape.B ?? "B", R: shape.R ?? "R" };
    const batchInputs: Named<TensorSpec> = {
      ids: { shape: [B, T], dtype: "int32" },
      positions: { shape: [B, T], dtype: "int32" },
      segments: { shape: [B, T], dtype: "int32" },
      rows: { shape: [R], dtype: "int32" },
      labels: { shape: [R], dtype: "int32" },
      weights: { shape: [R] },
    };
    functions[nameOf("step", shape)] = {
      inputs: { ...batchInputs, ...updateInputs },
      run(inputs, all) {
        const { loss, gradients } = differentiate(inputs, all);
        return { loss, norm: update(inputs, all, gradients, loss) };
      },
    };
    if (options.evaluate)
      functions[nameOf("loss", shape)] = {
        inputs: batchInputs,
        run: (inputs, all) => ({ loss: lossOf(inputs, all) }),
      };
    if (accumulate)
      functions[nameOf("add", shape)] = {
        inputs: batchInputs,
        run(inputs, all) {
          const { loss, gradients } = differentiate(inputs, all);
          for (const name of names) all[`sum/${name}`]!.assign(tf.add(all[`sum/${name}`]!, gradients[name]!));
          return { loss };
        },
      };
  }
  if (accumulate)
    functions["apply"] = {
      inputs: { ...updateInputs, loss: { shape: [] } },
      run(inputs, all) {
        const gradients = Object.fromEntries(names.map((name) => [name, all[`sum/${name}`]!]));
        const norm = update(inputs, all, gradients, inputs.loss);
        for (const name of names) all[`sum/${name}`]!.assign(tf.zeros(shapeOfParameter(name)));
        return { norm };
      },
    };

  const kinds = ["w", "m", "v", ...(accumulate ? ["sum"] : [])];
  const variables = {
    ...Object.fromEntries(
      kinds.flatMap((kind) =>
        names.map((name) => [`${kind}/${name}`, { shape: shapeOfParameter(name), trainable: kind === "w" }]),
      ),
    ),
    ...Object.fromEntries(
      frozen.map((name) => [`frozen/${name}`, { shape: parameters.frozen[name]!.shape, trainable: false }]),
    ),
  };
  const program = await compile({ variables, functions, mode, precision });
  const read = (kind: StateKind, name: string) => program.read([`${kind}/${name}`])[`${kind}/${name}`]!;
  /** Sets the variables of a kind, and holds few of their values at a time. */
  const write = (
    kind: StateKind | "frozen",
    names: readonly string[],
    value: (name: string) => Float32Array,
  ) => program.write(Object.fromEntries(names.map((name) => [`${kind}/${name}`, () => value(name)])));
  write("w", names, (name) => parameters.variables[name]!.dataSync() as Float32Array);
  write("frozen", frozen, (name) => parameters.frozen[name]!.dataSync() as Float32Array);
  let steps = 0;

  const call = (name: string, inputs: tf.NamedTensorMap) => {
    const results = program.call(name, inputs);
    const values = Object.fromEntries(Object.entries(results).map(([key, t]) => [key, t.dataSync()[0]!]));
    tf.dispose([results, inputs]);
    return values;
  };
  return {
    step(micro, learningRate, limit = Number.POSITIVE_INFINITY) {
      if (micro.length === 0) throw new RangeError("a step without rows");
      const total = weightOf(micro);
      const t = steps + 1;
      const correction = Math.sqrt(1 - beta2 ** t);
      const scalars = () => ({
        rate: tf.scalar((learningRate * correction) / (1 - beta1 ** t)),
        floor: tf.scalar(epsilon * correction),
        kept: tf.scalar(1 - learningRate * weightDecay),
        limit: tf.scalar(limit),
      });
      let result: { loss: number; gradNorm: number };
      if (micro.length === 1) {
        const { shape, inputs } = feed(micro[0]!, shapes, 1 / total);
        const { loss, norm } = call(nameOf("step", shape), { ...inputs, ...scalars() });
        result = { loss: loss!, gradNorm: norm! };
      } else {
        let loss = 0;
        for (const part of micro) {
          const { shape, inputs } = feed(part, shapes, 1 / total);
          loss += call(nameOf("add", shape), inputs)["loss"]!;
        }
        result = { loss, gradNorm: call("apply", { ...scalars(), loss: tf.scalar(loss) })["norm"]! };
      }
      if (Number.isFinite(result.gradNorm) && result.loss <= limit) steps = t;
      return result;
    },
    evaluate(micro) {
      const total = weightOf(micro);
      return micro.reduce((sum, part) => {
        const { shape, inputs } = feed(part, shapes, 1 / total);
        return sum + call(nameOf("loss", shape), inputs)["loss"]!;
      }, 0);
    },
    saveModel(folder) {
      for (const name of names)
        tf.tidy(() => parameters.variables[name]!.assign(tf.tensor(read("w", name), shapeOfParameter(name))));
      parameters.save(folder, tokenizer);
    },
    saveState(path) {
      writeState(path, sizes, { steps, read });
    },
    restore(path) {
      readState(path, names, (state) => {
        steps = state.steps;
        for (const kind of ["w", "m", "v"] as const) write(kind, names, (name) => state.read(kind, name));
      });
    },
    dispose() {
      program.dispose();
      parameters.dispose();
    },
  };
}

const nameOf = (what: string, { B, T, R }: StepShape) => `${what}_${B ?? "B"}_${T}_${R ?? "R"}`;

/** One value or the other by a scalar; tfjs's own `where` would first make the scalar as large as they are. */
function choose(condition: tf.Tensor, t: tf.Tensor, e: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel("Select", { condition, t, e }) as tf.Tensor;
}

/** A micro-batch padded to its shape, as the inputs of a function; weights times `scale`. */
function feed(micro: MicroBatch, shapes: readonly StepShape[], scale: number) {
  const shape = shapeFor(shapeOf(micro), shapes);
  const { batch, targets } = padBatch(micro, shape);
  const inputs: tf.NamedTensorMap = {
    ids: tf.tensor2d(batch.ids, [batch.B, batch.T], "int32"),
    positions: tf.tensor2d(batch.positions, [batch.B, batch.T], "int32"),
    segments: tf.tensor2d(batch.segments, [batch.B, batch.T], "int32"),
    rows: tf.tensor1d(targets.rows, "int32"),
    labels: tf.tensor1d(targets.labels, "int32"),
    weights: tf.tensor1d(targets.weights.map((w) => w * scale)),
  };
  return { shape, inputs };
}
