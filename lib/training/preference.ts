/**
 * Direct preference optimisation (Rafailov et al. 2023, Eq. 7) of whole trajectories, as ETO has it (Song et al. 2024,
 * Eq. 7): raise the likelihood of what the agent says in the chosen one against that in the rejected one, measured from
 * a frozen reference, the model that training began with.
 *
 *     Δ(y) = Σ ln π(agent's tokens of y) − Σ ln π_ref(the same)
 *     loss = mean over the pairs of −ln σ(β·(Δ(chosen) − Δ(rejected)))
 *
 * The observations in a trajectory are the environment's words, and count on neither side.
 */
import * as tf from "@tensorflow/tfjs";
import { crossEntropies } from "../model/cross-entropy";
import {
  type BatchTensors,
  batchTensors,
  hiddenStates,
  type Llama,
  logits,
  type TargetTensors,
  targetTensors,
} from "../model/llama";
import { gatherRows } from "../model/ops";
import type { MicroBatch, Objective } from "./engines/engine";
import type { TokenRow } from "./mask";
import { firstFitDecreasing, packRows } from "./packing";

export interface PairRows {
  chosen: TokenRow;
  rejected: TokenRow;
  /** ln π_ref(chosen) − ln π_ref(rejected); `referenceMargins` computes it. */
  reference: number;
}

/** Pairs that go through the model together. */
export interface PairBatch extends MicroBatch {
  /** [P]: of each pair. */
  reference: Float32Array;
  /** [P, R], row after row: 1 where target r is of pair p's chosen trajectory, −1 where of its rejected one, else 0. */
  sides: Float32Array;
}

/** Packs both sides of P pairs into one batch. */
export function packPairs(pairs: readonly PairRows[]): PairBatch {
  const rows = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  const packed = packRows(rows);
  // packRows writes the targets bin by bin, and a row's within it in order.
  const order = firstFitDecreasing(
    rows.map((row) => row.ids.length),
    packed.batch.T,
  ).flat();
  const rowOf = order.flatMap((row) => Array<number>(targetsOf(rows[row]!)).fill(row));
  const R = packed.targets.rows.length;
  const sides = new Float32Array(pairs.length * R);
  rowOf.forEach((row, r) => {
    sides[Math.floor(row / 2) * R + r] = row % 2 === 0 ? 1 : -1;
  });
  return { ...packed, reference: Float32Array.from(pairs, (pair) => pair.reference), sides };
}

/** The first token of a row is predicted from nothing, and so never a target. */
const targetsOf = ({ trained }: TokenRow) => trained.reduce((sum, t, i) => sum + (i > 0 ? t : 0), 0);

/** ln π(chosen) − ln π(rejected) of every pair, [P], differentiable in the model's weights. */
function margins(
  model: Llama,
  batch: BatchTensors,
  targets: Pick<TargetTensors, "rows" | "labels">,
  sides: tf.Tensor2D,
): tf.Tensor1D {
  const rows = gatherRows(hiddenStates(model, batch), targets.rows);
  const surprise = tf.reshape(crossEntropies(logits(model, rows), targets.labels), [-1, 1]);
  return tf.neg(tf.reshape(tf.matMul(sides, surprise as tf.Tensor2D), [-1]));
}

function onDevice<T>(
  { batch, targets, reference, sides }: PairBatch,
  use: (margins: (model: Llama) => tf.Tensor1D, reference: tf.Tensor1D) => T,
): T {
  const P = reference.length;
  const inputs = {
    batch: batchTensors(batch),
    targets: targetTensors(targets),
    sides: tf.tensor2d(sides, [P, sides.length / P]),
    reference: tf.tensor1d(reference),
  };
  try {
    return use((model) => margins(model, inputs.batch, inputs.targets, inputs.sides), inputs.reference);
  } finally {
    tf.dispose(inputs as unknown as tf.TensorContainer);
  }
}

/** What `model` itself gives for the margins of pairs whose `reference` is not known yet. */
export function referenceMargins(model: Llama, pairs: PairBatch): Float32Array {
  return onDevice(pairs, (margins) => tf.tidy(() => margins(model).dataSync() as Float32Array));
}

/**
 * The loss, for micro-batches of `packPairs`. Its scores: `margin`, the mean of Δ(chosen) − Δ(rejected), and `accuracy`,
 * the share of pairs where that is above 0; TRL's `rewards/margins` is β times the first. Eager mode alone, for the
 * scores are read as the loss is computed.
 */
export function preferenceObjective(beta: number): Objective {
  let seen: number[] = [];
  return {
    total: (micro) =>
      (micro as readonly PairBatch[]).reduce((sum, { reference }) => sum + reference.length, 0),
    onDevice: (view, micro, scale, use) =>
      onDevice(micro as PairBatch, (margins, reference) =>
        use(() => {
          const delta = tf.sub(margins(view()), reference);
          seen.push(...delta.dataSync());
          // −ln σ(x) = softplus(−x)
          return tf.mul(tf.sum(tf.softplus(tf.mul(delta, -beta))), scale) as tf.Scalar;
        }),
      ),
    scores() {
      const deltas = seen;
      seen = [];
      return {
        margin: deltas.reduce((sum, d) => sum + d, 0) / deltas.length,
        accuracy: deltas.filter((d) => d > 0).length / deltas.length,
      };
    },
  };
}
