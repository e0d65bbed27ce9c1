/** Trajectory to tokens, with the mask of Eq. 1: trained are the agent's turns alone, each with its end-of-turn token. */
import type { Tokenizer } from "../model/tokenizer";
import type { Trajectory } from "../trajectory/schema";
import { InputError } from "../util/errors";
import { sha256 } from "../util/hash";
import { type Labels, trainedSpans } from "./turns";

export interface TokenRow {
  /** Names the trajectory in messages. */
  name: string;
  ids: Int32Array;
  /** 1 where the token is trained, that is, predicted from those before it. */
  trained: Uint8Array;
  /** Tokens that did not fit and were cut off at a turn's end. */
  cut: number;
}

/**
 * Renders a trajectory through the tokenizer's own chat template and marks what is trained (see `trainedSpans`).
 *
 *     <s><|user|>u<|end|><|assistant|>a₁<|end|><|user|>o₁<|end|><|assistant|>a₂<|end|>
 *                                     ■■■■■■■■                               ■■■■■■■■
 *
 * Special tokens within a turn are letters. A row longer than `maxLength` tokens is cut behind the last trained turn
 * that fits, and says by how many tokens.
 *
 * @throws InputError naming the row: nothing in it is trained; a turn does not survive the template; its tokens do
 * not line up with its turns; its first trained turn does not fit.
 */
export function tokenRow(
  trajectory: Trajectory,
  tokenizer: Tokenizer,
  maxLength = Number.POSITIVE_INFINITY,
  labels: Labels = "turns",
): TokenRow {
  const name = trajectory.id;
  const fault = (reason: string) => new InputError(`row ${name}: ${reason}`);
  const { text, spans } = trainedSpans(trajectory, tokenizer, labels, fault);
  if (spans.length === 0) throw fault("no turn is trained: every token would be masked");

  const edges = spans.flatMap((s) => [s.start, s.end]);
  const aligned = align(text, edges, tokenizer);
  if (!aligned) throw fault("the tokens do not line up with the turns");
  const { ids, at } = aligned;
  const trained = new Uint8Array(ids.length);
  let fits = 0;
  spans.forEach((_, i) => {
    const [from, to] = [at[2 * i]!, at[2 * i + 1]!];
    trained.fill(1, from, to);
    if (to <= maxLength) fits = to;
  });
  if (ids.length <= maxLength) fits = ids.length;
  if (fits === 0) throw fault(`the first trained turn ends at token ${at[1]}, beyond ${maxLength}`);
  return { name, ids: ids.slice(0, fits), trained: trained.slice(0, fits), cut: ids.length - fits };
}

/** The text's ids, and how many of them lie before each edge; null where a token lies across one. */
function align(
  text: string,
  edges: readonly number[],
  tokenizer: Tokenizer,
): { ids: Int32Array; at: number[] } | null {
  const ids = Int32Array.from(tokenizer.encode(text));
  const same = (part: readonly number[], from: number) => part.every((id, i) => ids[from + i] === id);

  // Piece by piece: linear, and right for every tokenizer that does not look across special tokens.
  const at: number[] = [];
  let length = 0;
  let start = 0;
  const whole = [...edges, text.length].every((edge, i) => {
    const piece = tokenizer.encode(text.slice(start, edge));
    if (!same(piece, length)) return false;
    start = edge;
    length += piece.length;
    if (i < edges.length) at.push(length);
    return true;
  });
  if (whole && length === ids.length) return { ids, at };

  // Prefix by prefix: for tokenizers that treat the start of a text specially.
  const prefixes = edges.map((edge) => tokenizer.encode(text.slice(0, edge)));
  return prefixes.every((p) => same(p, 0)) ? { ids, at: prefixes.map((p) => p.length) } : null;
}

/** Rows of many trajectories. Throws InputError with the faults of all of them. */
export function tokenRows(
  trajectories: readonly Trajectory[],
  tokenizer: Tokenizer,
  maxLength: number,
  labels: Labels = "turns",
): TokenRow[] {
  const faults: string[] = [];
  const rows = trajectories.flatMap((trajectory) => {
    try {
      return [tokenRow(trajectory, tokenizer, maxLength, labels)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.faults);
      return [];
    }
  });
  if (faults.length > 0) throw new InputError(faults);
  return rows;
}

/** Of rows and their masks: row by row, for the text of them all may be longer than a string can be. */
export const rowsHash = (rows: readonly TokenRow[]) =>
  sha256(rows.map(({ ids, trained }) => sha256(new Uint8Array(ids.buffer)) + sha256(trained)).join());
