/**
 * Slots that are decoded together, a token at a time for all of them. Their past is put side by side once and only
 * read; each token's keys and values are a column beside it, and when there are RECENT of these they are folded in.
 *
 *               ┌──────── past ────────┐  recent
 *     slot a    │ ■ ■ ■ ■ ■ ■ ■│■ ■ ■ ■│  ■ ■ ■ ·    · is empty; │ is `base`, where folded tokens begin
 *     slot b    │ ■ ■ ■ · · · ·│■ ■ ■ ■│  ■ ■ ■ ·
 */
import * as tf from "@tensorflow/tfjs";
import type { Llama } from "../llama";
import { refill, type Slot, stackSlots } from "./slots";
import { type DecodeInputs, type DecodeOutputs, EMPTY, RECENT } from "./step";

export interface Window {
  /** Reads the next token of each of the R slots. The caller disposes of both: tokens [R], logits [R, V]. */
  advance(ids: readonly number[]): Pick<DecodeOutputs, "tokens" | "logits">;
  /** Puts what it has read into a slot: the first `tokens.length` tokens since the window was opened. */
  save(row: number, tokens: readonly number[]): void;
  close(): void;
}

/** Opens a window over slots, each of which has read something; until it is closed they must not change. */
export function openWindow(
  model: Llama,
  slots: readonly Slot[],
  step: (inputs: DecodeInputs) => DecodeOutputs,
): Window {
  const { num_hidden_layers: L, num_key_value_heads: K, head_dim: d } = model.config;
  const R = slots.length;
  const longest = Math.max(...slots.map(({ tokens }) => tokens.length));
  // Kernels are made for each width, so that few widths are better than many.
  const base = RECENT * Math.ceil(longest / RECENT);
  let past = stackSlots(model.config, slots, base);
  let folded = 0;
  const empty = tf.zeros<tf.Rank.R5>([2 * L, R, K, 1, d]);
  const recent: tf.Tensor5D[] = [];
  /** `recent` as one, made when it is asked for. */
  let latest: tf.Tensor5D | null = null;

  /** Positions of the tokens that were read `from` to `to` columns after the window was opened, [R, to − from]. */
  const positions = (from: number, to: number, width = to - from): tf.Tensor2D => {
    const at = new Int32Array(R * width).fill(EMPTY);
    slots.forEach(({ tokens }, row) => {
      for (let i = from; i < to; i++) at[row * width + i - from] = tokens.length + i;
    });
    return tf.tensor2d(at, [R, width], "int32");
  };

  function fold(): void {
    const { kv, at } = past;
    past = tf.tidy(() => ({
      kv: tf.concat([kv, ...recent], 3),
      at: tf.concat([at, positions(folded, folded + RECENT)], 1),
    }));
    tf.dispose([kv, at, recent]);
    recent.length = 0;
    folded += RECENT;
  }

  return {
    advance(next) {
      if (recent.length === RECENT) fold();
      const width = recent.length;
      const columns = [...recent, ...Array<tf.Tensor5D>(RECENT - width).fill(empty)];
      const inputs = {
        ids: tf.tensor1d([...next], "int32"),
        at: positions(folded + width, folded + width + 1),
        past,
        recent: { columns, at: positions(folded, folded + width, RECENT) },
      };
      const { tokens, logits, column } = step(inputs);
      tf.dispose([inputs.ids, inputs.at, inputs.recent.at]);
      recent.push(column);
      return { tokens, logits };
    },
    save(row, tokens) {
      const slot = slots[row]!;
      const n = tokens.length;
      const late = Math.max(0, n - folded);
      if (late > 0) latest ??= tf.concat(recent, 3);
      refill(slot, tokens, [
        { kv: past.kv, row, begin: 0, length: slot.tokens.length },
        { kv: past.kv, row, begin: base, length: n - late },
        ...(late > 0 ? [{ kv: latest!, row, begin: 0, length: late }] : []),
      ]);
    },
    close: () => tf.dispose([past.kv, past.at, empty, recent, latest ?? []]),
  };
}
