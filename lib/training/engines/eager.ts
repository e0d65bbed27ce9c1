/** The engine that runs tfjs operation by operation, on whatever backend is loaded. */
import * as tf from "@tensorflow/tfjs";
import { batchTensors, type Llama, lossSum, targetTensors } from "../../model/llama";
import type { Tokenizer } from "../../model/tokenizer";
import { type AdamWOptions, createAdamW } from "../optimizer";
import { type ParameterOptions, parametersOf } from "../parameters";
import { type Engine, type MicroBatch, type Objective, weightOf } from "./engine";
import { readState, type StateKind, writeState } from "./state";

export interface EagerEngineOptions extends AdamWOptions, ParameterOptions {
  /** Keep a layer's input alone, and compute the layer again for its gradient (model/recompute.ts). Default false. */
  recompute?: boolean;
  /** What a step minimises. Default: the mean loss of the trained tokens (Eq. 1). */
  objective?: Objective;
}

const likelihood: Objective = {
  total: weightOf,
  onDevice(view, { batch, targets }, scale, use) {
    const weights = targets.weights.map((w) => w * scale);
    const inputs = [batchTensors(batch), targetTensors({ ...targets, weights })] as const;
    try {
      return use(() => lossSum(view(), ...inputs));
    } finally {
      tf.dispose(inputs as unknown as tf.TensorContainer);
    }
  },
};

/** Trains `model` in place; the engine does not own it. */
export function createEagerEngine(
  model: Llama,
  tokenizer: Tokenizer,
  options: EagerEngineOptions = {},
): Engine {
  const parameters = parametersOf(model, options);
  const names = Object.keys(parameters.variables);
  const variables = Object.values(parameters.variables);
  const sizes = Object.fromEntries(names.map((name, i) => [name, variables[i]!.size]));
  const optimizer = createAdamW(variables, options);

  const view = () => {
    const seen = parameters.view(parameters.variables, parameters.frozen);
    return options.recompute ? { ...seen, recompute: true } : seen;
  };
  const { objective = likelihood } = options;

  return {
    step(micro, learningRate, limit = Number.POSITIVE_INFINITY) {
      const total = objective.total(micro);
      let loss = 0;
      let sum: tf.NamedTensorMap | null = null;
      for (const part of micro) {
        const { value, grads } = objective.onDevice(view, part, 1 / total, (loss) =>
          tf.variableGrads(loss, variables),
        );
        loss += value.dataSync()[0]!;
        value.dispose();
        sum = sum ? addInto(sum, grads) : grads;
      }
      if (!sum) throw new RangeError("a step without rows");
      const scores = objective.scores?.();
      const told = scores ? { scores } : {};
      if (loss <= limit) return { loss, gradNorm: optimizer.step(sum, learningRate), ...told };
      const gradNorm = globalNorm(sum);
      tf.dispose(sum);
      return { loss, gradNorm, ...told };
    },
    evaluate(micro) {
      const total = objective.total(micro);
      const lossOf = (part: MicroBatch) =>
        objective.onDevice(view, part, 1 / total, (loss) => tf.tidy(() => loss().dataSync()[0]!));
      return micro.reduce((sum, part) => sum + lossOf(part), 0);
    },
    saveModel(folder) {
      parameters.save(folder, tokenizer);
    },
    saveState(path) {
      const { steps, m, v } = optimizer.state();
      const w = (index: number) => variables[index]!.dataSync() as Float32Array;
      const read = (kind: StateKind, name: string) => ({ w, m, v })[kind](names.indexOf(name));
      writeState(path, sizes, { steps, read });
    },
    restore(path) {
      readState(path, names, ({ steps, read }) => {
        variables.forEach((variable, i) => {
          tf.tidy(() => variable.assign(tf.tensor(read("w", names[i]!), variable.shape)));
        });
        const moment = (kind: StateKind) => (index: number) => read(kind, names[index]!);
        optimizer.restore({ steps, m: moment("m"), v: moment("v") });
      });
    },
    dispose() {
      optimizer.dispose();
      parameters.dispose();
    },
  };
}

/** a + b by name; both are disposed of. */
function addInto(a: tf.NamedTensorMap, b: tf.NamedTensorMap): tf.NamedTensorMap {
  const sum = Object.fromEntries(Object.keys(a).map((name) => [name, tf.add(a[name]!, b[name]!)]));
  tf.dispose([a, b]);
  return sum;
}

const globalNorm = (gradients: tf.NamedTensorMap) =>
  tf.tidy(() => Math.sqrt(tf.addN(Object.values(gradients).map((g) => tf.sum(tf.square(g)))).dataSync()[0]!));
