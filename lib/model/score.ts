/** How likely a text is to the model, token by token. */
import * as tf from "@tensorflow/tfjs";
import { type Batch, batchTensors, hiddenStates, type Llama, logits } from "./llama";
import { gatherRows } from "./ops";

export interface TokenScore {
  id: number;
  /** ln p(token | those before it); null for the first, which nothing precedes. */
  logprob: number | null;
  /** The likeliest tokens in its place, the likeliest first; none for the first. */
  top: { id: number; logprob: number }[];
}

/** ln p of every token of the vocabulary behind a text [V], in float32. */
export function nextLogprobs(model: Llama, ids: readonly number[]): Float32Array {
  const T = ids.length;
  if (T === 0) throw new RangeError("a text without tokens has nothing behind it");
  const log = tf.tidy(() => {
    const z = logits(
      model,
      gatherRows(hiddenStates(model, batchTensors(oneText(ids))), tf.tensor1d([T - 1], "int32")),
    );
    return tf.reshape(tf.sub(z, tf.logSumExp(z, 1, true)), [-1]);
  });
  const values = log.dataSync() as Float32Array;
  log.dispose();
  return values;
}

/** A batch of one text. */
function oneText(ids: readonly number[]): Batch {
  const T = ids.length;
  return {
    ids: Int32Array.from(ids),
    positions: Int32Array.from(ids, (_, i) => i),
    segments: new Int32Array(T).fill(1),
    B: 1,
    T,
  };
}

/** Rows that reach the vocabulary at a time. */
const CHUNK = 256;

/**
 * Scores every token of a text, in float32.
 * @param top how many of the likeliest tokens are told in each place. Default 0.
 */
export function scoreTokens(model: Llama, ids: readonly number[], top = 0): TokenScore[] {
  const T = ids.length;
  if (T === 0) return [];
  const hidden = tf.tidy(() => hiddenStates(model, batchTensors(oneText(ids))));
  const scores: TokenScore[] = [{ id: ids[0]!, logprob: null, top: [] }];
  for (let begin = 0; begin < T - 1; begin += CHUNK) {
    const rows = Math.min(CHUNK, T - 1 - begin);
    const next = ids.slice(begin + 1, begin + 1 + rows);
    const [chosen, values, indices] = tf
      .tidy(() => {
        const z = logits(model, gatherRows(hidden, tf.range(begin, begin + rows, 1, "int32")));
        const log = tf.sub(z, tf.logSumExp(z, 1, true)) as tf.Tensor2D;
        const at = next.map((id, row) => [row, id]);
        const likeliest = tf.topk(log, Math.max(1, top));
        return [tf.gatherND(log, tf.tensor2d(at, [rows, 2], "int32")), likeliest.values, likeliest.indices];
      })
      .map((tensor) => {
        const data = tensor.dataSync();
        tensor.dispose();
        return data;
      }) as [Float32Array, Float32Array, Int32Array];
    next.forEach((id, row) => {
      const at = (i: number) => row * Math.max(1, top) + i;
      const likeliest = Array.from({ length: top }, (_, i) => ({
        id: indices[at(i)]!,
        logprob: values[at(i)]!,
      }));
      scores.push({ id, logprob: chosen[row]!, top: likeliest });
    });
  }
  hidden.dispose();
  return scores;
}
