/**
 * Cross-entropy of labels, weighted or row by row, with or without the projection to the vocabulary before it.
 * Shapes: N rows, D model width, V vocabulary.
 */
import * as tf from "@tensorflow/tfjs";
import { later } from "../compile/later";
import { differentiable, linear, matMul } from "./ops";

/**
 * Σᵢ wᵢ·CEᵢ over rows of logits z [N, V] with labels y [N] and weights w [N].
 * CE = log Σⱼ exp zⱼ − z_y, and with p = softmax(z) the first term is max z − log max p: exact, for max p ≥ 1/V.
 * dz = w ∘ (p − onehot(y)).
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  const [N, V] = logits.shape;
  return differentiable([logits], (z) => {
    const p = tf.softmax(z);
    return {
      value: tf.sum(tf.mul(surprise(z, p, labels), weights)) as tf.Scalar,
      saved: [p, labels, weights],
      gradient: (dy, p, labels, weights) => {
        const scale = tf.mul(tf.reshape(weights, [N, 1]), dy);
        // Asked for float32, the wasm kernel writes integers all the same.
        const chosen = tf.oneHot(labels, V);
        return [tf.mul(tf.sub(p, chosen), scale)];
      },
    };
  });
}

/** The same row by row: CE [N] of logits z [N, V] with labels y [N]. dz = dy ∘ (p − onehot(y)). */
export function crossEntropies(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const [N, V] = logits.shape;
  return differentiable([logits], (z) => {
    const p = tf.softmax(z);
    return {
      value: surprise(z, p, labels),
      saved: [p, labels],
      gradient: (dy, p, labels) => [
        tf.mul(tf.sub(p, tf.oneHot(labels, V)), tf.reshape(dy as tf.Tensor1D, [N, 1])),
      ],
    };
  });
}

/** Logits that are held at a time: 64 MB. */
export const HELD_LOGITS = 1 << 24;

/**
 * The cross-entropy above with the projection to the vocabulary before it, z = x·Wᵀ: x [N, D], W [V, D]. Of many rows
 * the logits are never there as a whole: chunk by chunk, the gradients are computed with the value, after which the
 * logits are let go (as in Liger Kernel, Hsu et al. 2024). With dz as above, dx = dz·W and dW = dzᵀ·x.
 *
 * @param frozen W gets no gradient. Default false.
 * @param held how many logits there may be at a time. Default 2²⁴.
 */
export function projectedCrossEntropy(
  x: tf.Tensor2D,
  weight: tf.Tensor,
  labels: tf.Tensor1D,
  weights: tf.Tensor1D,
  frozen = false,
  held = HELD_LOGITS,
): tf.Scalar {
  const [N, D] = x.shape;
  const w = weight as tf.Tensor2D;
  const [V] = w.shape;
  if (N * V <= held) return crossEntropy(linear(x, w, frozen), labels, weights);
  const size = Math.max(1, Math.floor(held / V));
  const differentiated = tf.engine().state.gradientDepth > 0;

  /** Adds the rows from `start` to the value and to dW; their dx is theirs alone. */
  const chunk = (start: number, sum: tf.Scalar, dw: tf.Tensor2D | undefined) =>
    tf.tidy(() => {
      const rows = Math.min(size, N - start);
      // A graph runs whatever it can: without this order it would begin with the logits of all chunks.
      const own = later(tf.slice(x, [start, 0], [rows, D]), dw ?? sum);
      const [y, counted] = [tf.slice(labels, start, rows), tf.slice(weights, start, rows)];
      const z = matMul(own, w, false, true);
      const p = tf.softmax(z);
      const value: tf.Scalar = tf.add(sum, tf.sum(tf.mul(surprise(z, p, y), counted)));
      if (!differentiated) return { value };
      const dz = tf.mul(tf.sub(p, tf.oneHot(y, V)), tf.reshape(counted, [rows, 1])) as tf.Tensor2D;
      const dx = matMul(dz, w);
      if (frozen) return { value, dx };
      const outer = matMul(dz, own, true, false);
      return { value, dx, dw: dw ? tf.add<tf.Tensor2D>(dw, outer) : outer };
    });

  return differentiable<tf.Tensor[], tf.Tensor[], tf.Scalar>(frozen ? [x] : [x, w], () => {
    let value: tf.Scalar = tf.scalar(0);
    let dw: tf.Tensor2D | undefined;
    const dx: tf.Tensor2D[] = [];
    for (let start = 0; start < N; start += size) {
      const done: { value: tf.Scalar; dx?: tf.Tensor2D; dw?: tf.Tensor2D } = chunk(start, value, dw);
      tf.dispose(dw ? [value, dw] : value);
      ({ value, dw } = done);
      if (done.dx) dx.push(done.dx);
    }
    return {
      value,
      saved: differentiated ? [tf.concat(dx, 0), ...(dw ? [dw] : [])] : [],
      gradient: (dy, ...gradients: tf.Tensor[]) => gradients.map((g) => tf.mul(g, dy)),
    };
  });
}

/** −ln p(y) of each row, [N], from logits z and p = softmax(z), both [N, V]. */
function surprise(z: tf.Tensor2D, p: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  // The wasm kernel reads beyond its memory where a gather has batch dimensions.
  const chosen =
    tf.getBackend() === "wasm"
      ? tf.gatherND(z, tf.stack([tf.range(0, z.shape[0], 1, "int32"), labels], 1))
      : tf.gather(z, labels, 1, 1);
  return tf.sub(tf.sub(tf.max(z, 1), tf.log(tf.max(p, 1))), chosen);
}
