/**
 * The model over tokens that have a past: new tokens meet the keys of every block before them and their own.
 *
 *               ┌────── past ──────┐┌ recent ┐┌ new ┐
 *     row a     │ 0 1 2 3 4 5 6 7 8││ 9 10 11││ 12  │     each column carries the position of the token that it
 *     row b     │ 0 1 2 3 4 · · · ·││ 5  6  7││  8  │     holds; · is EMPTY, and no query comes after it
 *
 * A query sees the keys of its row whose position is not after its own: that is all there is to the mask, whatever
 * the gaps, and new tokens are causal among themselves by the same rule.
 *
 * R rows, t new tokens a row, L layers, H heads, K key heads, d per head, S columns of a block, V vocabulary.
 */
import * as tf from "@tensorflow/tfjs";
import { attentionWindow } from "../config";
import { forward, type Llama, logits } from "../llama";
import { matMul } from "../ops";

/** Position of a column that holds no token. */
export const EMPTY = 1 << 30;

/** Keys and values of S columns for each row. */
export interface Block {
  /** [2L, R, K, S, d]: keys of layer l at 2l, its values at 2l + 1. */
  kv: tf.Tensor5D;
  /** Positions, [R, S] int32. */
  at: tf.Tensor2D;
}

/**
 * Reads t tokens a row: `ids` [R·t], row after row, at positions `at` [R, t], both int32. Gives their hidden states
 * after the final norm, [R·t, D], and their own block. What is at EMPTY is padding.
 *
 * Of a decode step, t = 1, the graph is recorded for any R and any columns of the last block: hence −1 for these.
 */
export function readTokens(
  model: Llama,
  ids: tf.Tensor1D,
  at: tf.Tensor2D,
  blocks: readonly Block[],
): { hidden: tf.Tensor2D; fresh: Block } {
  const { num_attention_heads: H, num_key_value_heads: K, head_dim: d } = model.config;
  const [R, t] = at.shape;
  const G = H / K;
  const before = blocks.map((block) => tf.unstack(block.kv) as tf.Tensor4D[]);
  const columns = tf.concat([at, ...blocks.map((block) => block.at)], 1);
  const sizes = [t, ...blocks.map((block) => block.at.shape[1])];
  const mask = positionMask(at, columns, model);
  // One for each query head of a key head.
  const masks = t === 1 ? mask : tf.concat(Array<tf.Tensor4D>(G).fill(mask), 2);

  /** [R·t, heads, d] with the query heads of one key head below each other: [R, K, heads / K · t, d]. */
  const byKeyHead = (x: tf.Tensor3D, heads: number) => {
    const rows = t === 1 ? x : tf.transpose(tf.reshape(x, [R, t, heads, d]), [0, 2, 1, 3]);
    return tf.reshape(rows, [-1, K, (heads / K) * t, d]) as tf.Tensor4D;
  };
  const kept: tf.Tensor4D[] = [];
  const hidden = forward(model, ids, tf.reshape(at, [-1]) as tf.Tensor1D, (layer, q, k, v) => {
    const [keys, values] = [byKeyHead(k, K), byKeyHead(v, K)];
    kept.push(tf.keep(keys), tf.keep(values));
    // Scaling q costs d per query, scaling the scores S.
    const queries = byKeyHead(tf.mul(q, 1 / Math.sqrt(d)), H);
    const known = [
      [keys, values] as const,
      ...before.map((kv) => [kv[2 * layer]!, kv[2 * layer + 1]!] as const),
    ];
    const scores = tf.concat(
      known.map(([keys]) => matMul(queries, keys, false, true)),
      3,
    );
    const p = tf.softmax(tf.add(scores, masks)) as tf.Tensor4D;
    const parts = tf.split(p, sizes, 3) as tf.Tensor4D[];
    const out = tf.addN(known.map(([, values], i) => matMul(parts[i]!, values)));
    if (t === 1) return tf.reshape(out, [-1, H * d]) as tf.Tensor2D;
    return tf.reshape(tf.transpose(tf.reshape(out, [R, H, t, d]), [0, 2, 1, 3]), [R * t, H * d]);
  });
  const kv = tf.stack(kept) as tf.Tensor5D;
  tf.dispose(kept);
  return { hidden, fresh: { kv, at } };
}

/** Additive mask [R, 1, t, S] of queries [R, t] and columns [R, S] by position: 0 where one sees the other, else −1e9. */
function positionMask(queries: tf.Tensor2D, columns: tf.Tensor2D, { config }: Llama): tf.Tensor4D {
  const q = tf.expandDims(tf.expandDims(queries, 1), 3);
  const k = tf.expandDims(tf.expandDims(columns, 1), 1);
  const before = tf.lessEqual(k, q);
  const window = attentionWindow(config);
  const seen =
    window === null ? before : tf.logicalAnd(before, tf.less(q, tf.add(k, tf.scalar(window, "int32"))));
  return tf.mul(tf.sub(tf.cast(seen, "float32"), 1), 1e9) as tf.Tensor4D;
}

/** Columns of `recent`: each step puts them together, each fold copies the past. */
export const RECENT = 16;

export interface DecodeInputs {
  /** The newest token of each row, [R]. */
  ids: tf.Tensor1D;
  /** Its position, [R, 1]. */
  at: tf.Tensor2D;
  past: Block;
  /** RECENT blocks of one column, [2L, R, K, 1, d], and the positions of them all, [R, RECENT]. */
  recent: { columns: readonly tf.Tensor5D[]; at: tf.Tensor2D };
}

export interface DecodeOutputs {
  /** Of the highest logit, of equal ones the first: [R] int32. */
  tokens: tf.Tensor1D;
  /** [R, V]. */
  logits: tf.Tensor2D;
  /** What was read, [2L, R, K, 1, d]. */
  column: tf.Tensor5D;
}

/** One token for each row. */
export function decodeStep(model: Llama, { ids, at, past, recent }: DecodeInputs): DecodeOutputs {
  const near = { kv: tf.concat([...recent.columns], 3), at: recent.at };
  const { hidden, fresh } = readTokens(model, ids, at, [near, past]);
  const z = logits(model, hidden);
  return { tokens: tf.argMax(z, 1), logits: z, column: fresh.kv };
}
