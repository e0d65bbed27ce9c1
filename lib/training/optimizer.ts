/**
 * AdamW (Loshchilov and Hutter 2019) over flat vectors: a step costs a dozen kernels, however many parameters. A large
 * model's are several vectors, for a step holds six copies of one.
 */
import * as tf from "@tensorflow/tfjs";

export interface AdamWOptions {
  /** Decay rates of the two moments. Default [.9, .999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  epsilon?: number;
  /** Decoupled; on matrices alone, never on norms. Default 0. */
  weightDecay?: number;
  /** Greatest global norm of the gradient; a longer one is scaled down to it. Default 1. */
  clip?: number;
}

/** What a step needs from the steps before it: their count, and both moments of the variable at an index. */
export interface OptimizerState {
  steps: number;
  m(index: number): Float32Array;
  v(index: number): Float32Array;
}

export interface AdamW {
  /**
   * One update w ← w − lr·(m̂ / (√v̂ + ε) + λw) of every variable; `gradients` by variable name, and disposed of.
   * Gives the global norm before clipping. Nothing changes where that is not finite.
   */
  step(gradients: tf.NamedTensorMap, learningRate: number): number;
  /** As it is now; moments are read when they are asked for. */
  state(): OptimizerState;
  /** Goes on from a state of the same variables. */
  restore(state: OptimizerState): void;
  dispose(): void;
}

interface Group {
  decay: number;
  variables: tf.Variable[];
  /** Null, that is zero, before the first step. */
  moments: { m: tf.Tensor1D; v: tf.Tensor1D } | null;
}

/** Elements of a group at most, unless it is a single variable. */
const MOST = 16 << 20;

/** An optimizer of these variables, moments at zero. */
export function createAdamW(variables: readonly tf.Variable[], options: AdamWOptions = {}): AdamW {
  const { betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0, clip = 1 } = options;
  const groups = [
    ...groupsOf(
      variables.filter((v) => v.rank > 1),
      weightDecay,
    ),
    ...groupsOf(
      variables.filter((v) => v.rank === 1),
      0,
    ),
  ];
  let steps = 0;

  const moment = (kind: "m" | "v", index: number): Float32Array => {
    const variable = variables[index]!;
    const group = groups.find((g) => g.variables.includes(variable))!;
    const start = sizeOf(group.variables.slice(0, group.variables.indexOf(variable)));
    const { moments } = group;
    if (!moments) return new Float32Array(variable.size);
    return tf.tidy(() => tf.slice1d(moments[kind], start, variable.size).dataSync() as Float32Array);
  };

  return {
    step(gradients, learningRate) {
      const flat = groups.map((g) => {
        const own = g.variables.map((v) => gradients[v.name]!);
        const joined = flatten(own);
        tf.dispose(own);
        return joined;
      });
      tf.dispose(gradients);
      const norm = Math.sqrt(tf.tidy(() => tf.addN(flat.map((g) => tf.sum(tf.square(g)))).dataSync()[0]!));
      if (Number.isFinite(norm)) {
        steps++;
        const scale = norm > clip ? clip / norm : 1;
        const rate = learningRate / (1 - beta1 ** steps);
        const correction = Math.sqrt(1 - beta2 ** steps);
        groups.forEach((group, i) => {
          const [m, v, w] = tf.tidy(() => {
            const g = tf.mul(flat[i]!, scale);
            const old = group.moments ?? { m: tf.zerosLike(g), v: tf.zerosLike(g) };
            const m = tf.add(tf.mul(old.m, beta1), tf.mul(g, 1 - beta1)) as tf.Tensor1D;
            const v = tf.add(tf.mul(old.v, beta2), tf.mul(tf.square(g), 1 - beta2)) as tf.Tensor1D;
            // m̂ / (√v̂ + ε), with both corrections moved into the scalars.
            const update = tf.div(tf.mul(m, rate * correction), tf.add(tf.sqrt(v), epsilon * correction));
            const weights = flatten(group.variables);
            const kept = group.decay > 0 ? tf.mul(weights, 1 - learningRate * group.decay) : weights;
            return [m, v, tf.sub(kept, update) as tf.Tensor1D];
          });
          tf.dispose([group.moments ?? [], flat[i]!]);
          group.moments = { m, v };
          scatter(w, group.variables);
          w.dispose();
        });
      }
      tf.dispose(flat);
      return norm;
    },
    state: () => ({ steps, m: (index) => moment("m", index), v: (index) => moment("v", index) }),
    restore(state) {
      steps = state.steps;
      for (const g of groups) {
        tf.dispose(g.moments ?? []);
        const joined = (kind: "m" | "v") =>
          tf.tidy(() => tf.concat1d(g.variables.map((v) => tf.tensor1d(state[kind](variables.indexOf(v))))));
        g.moments = { m: joined("m"), v: joined("v") };
      }
    },
    dispose: () => tf.dispose(groups.map((g) => g.moments ?? [])),
  };
}

const sizeOf = (variables: readonly tf.Variable[]) => variables.reduce((sum, v) => sum + v.size, 0);

/** Variables in groups of MOST elements, in their order. */
function groupsOf(variables: readonly tf.Variable[], decay: number): Group[] {
  const groups: Group[] = [];
  for (const variable of variables) {
    const last = groups.at(-1);
    if (last && sizeOf(last.variables) + variable.size <= MOST) last.variables.push(variable);
    else groups.push({ decay, variables: [variable], moments: null });
  }
  return groups;
}

/** Tensors end to end, [Σ size]. */
function flatten(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.tidy(() => tf.concat1d(tensors.map((t) => tf.reshape(t, [t.size]) as tf.Tensor1D)));
}

/** The inverse: writes the parts of a flat vector back into the variables. */
function scatter(flat: tf.Tensor1D, variables: readonly tf.Variable[]): void {
  tf.tidy(() => {
    const parts = tf.split(
      flat,
      variables.map((v) => v.size),
    );
    variables.forEach((v, i) => {
      v.assign(tf.reshape(parts[i]!, v.shape));
    });
  });
}
