/**
 * Batched decoding: requests that arrive together are answered together, one token for all rows at a time.
 *
 * Each operation of tfjs costs some 20 µs before it computes anything, so 300 rows at once cost little more than one.
 * Rows that finish are answered at once; when as many have finished as still run, the window is closed, waiting
 * requests are let in, and a smaller or fuller one is opened.
 */
import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../util/random";
import { emptySlot, openWindow, type Slot } from "./kv-cache";
import { type Llama, logits } from "./llama";

export interface GenerationRequest {
  /** The whole prompt. What the session has read of it already is not computed again. */
  ids: readonly number[];
  /** New tokens at most. */
  maxTokens: number;
  /** Ends the row after the token that makes it true; it sees the new tokens so far. */
  isDone: (ids: readonly number[]) => boolean;
  /** Default: greedy, of equal logits the lowest id. */
  sampling?: { temperature: number; rng: Rng };
  /** Keeps what was read under this name for the next request. */
  session?: string;
}

export interface Generation {
  /** New tokens, the one that ended the row included. */
  ids: number[];
  /** `length`: maxTokens or the model's maximum reached; `context`: the prompt leaves no room for a token. */
  finish: "stop" | "length" | "context";
  /** Prompt tokens that were computed, not remembered. */
  computed: number;
}

export interface Generator {
  /** Promises that are made in one turn of the event loop run as one batch. The outcome does not depend on it. */
  generate(request: GenerationRequest): Promise<Generation>;
  /** Forgets a session. */
  release(session: string): void;
}

export interface GeneratorOptions {
  /** Rows decoded at once, and sessions remembered at most: beyond, the least recently used goes. Default 256. */
  slots?: number;
  /** Tokens of prompt and answer at most. Default: the model's max_position_embeddings. */
  maxLength?: number;
}

/** Tokens of a prompt batch: bounds the memory of its attention scores. */
const PREFILL_TOKENS = 4096;
/** New tokens beside the past before they are folded into it. */
const MAX_RECENT = 64;

interface Row {
  request: GenerationRequest;
  slot: Slot;
  /** New tokens; the model has not read the last one yet. */
  out: number[];
  limit: number;
  computed: number;
  resolve: (generation: Generation) => void;
  reject: (error: unknown) => void;
}

export function createGenerator(model: Llama, options: GeneratorOptions = {}): Generator {
  const { slots: maxSlots = 256, maxLength = model.config.max_position_embeddings } = options;
  /** In order of use, the least recent first. */
  const sessions = new Map<string, Slot>();
  const waiting: Row[] = [];
  let running: Row[] = [];
  let busy = false;

  function generate(request: GenerationRequest): Promise<Generation> {
    const limit = Math.min(request.maxTokens, maxLength - request.ids.length);
    if (limit < 1 || request.ids.length === 0) {
      return Promise.resolve({ ids: [], finish: "context", computed: 0 });
    }
    return new Promise((resolve, reject) => {
      waiting.push({ request, slot: emptySlot(), out: [], limit, computed: 0, resolve, reject });
      if (!busy) {
        busy = true;
        void run();
      }
    });
  }

  async function run(): Promise<void> {
    await nextTurn();
    while (waiting.length + running.length > 0) {
      try {
        const arrived = waiting.splice(0, maxSlots - running.length);
        for (const row of arrived) {
          row.slot = recall(row.request);
          running.push(row);
        }
        for (const group of prefillGroups(arrived)) prefill(group);
        running = running.filter((row) => !settle(row));
        if (running.length > 0) await decode();
        await nextTurn();
      } catch (error) {
        for (const row of [...running, ...waiting.splice(0)]) row.reject(error);
        running = [];
      }
    }
    busy = false;
  }

  /** The session's slot, cut back to what it shares with the prompt; the last prompt token is always computed anew. */
  function recall({ session, ids }: GenerationRequest): Slot {
    const known = session === undefined ? undefined : sessions.get(session);
    const slot = !known || running.some((row) => row.slot === known) ? emptySlot() : known;
    let shared = 0;
    while (shared < ids.length - 1 && slot.tokens[shared] === ids[shared]) shared++;
    slot.tokens.length = Math.min(slot.tokens.length, shared);
    if (session !== undefined) {
      sessions.delete(session);
      sessions.set(session, slot);
      for (const oldest of [...sessions.keys()].slice(0, Math.max(0, sessions.size - maxSlots))) {
        sessions.delete(oldest);
      }
    }
    return slot;
  }

  /** Reads the prompts and chooses the first token of each row. */
  function prefill(rows: Row[]): void {
    const fresh = rows.map(({ request, slot }) => request.ids.slice(slot.tokens.length));
    const t = Math.max(...fresh.map((ids) => ids.length));
    const window = openWindow(
      model,
      rows.map((row) => row.slot),
    );
    const last = Int32Array.from(fresh, (ids, row) => row * t + ids.length - 1);
    choose(rows, () => tf.gather(window.advance(fresh), tf.tensor1d(last, "int32")));
    window.close(fresh);
    rows.forEach((row, i) => {
      row.computed = fresh[i]!.length;
    });
  }

  /** Decodes the running rows until half of them are done, or newcomers are as many. */
  async function decode(): Promise<void> {
    const rows = running;
    const window = openWindow(
      model,
      rows.map((row) => row.slot),
    );
    const read: number[][] = rows.map(() => []);
    for (let step = 0; step < MAX_RECENT; step++) {
      const newcomers = Math.min(waiting.length, maxSlots - running.length);
      if (running.length === 0 || 2 * running.length < rows.length || newcomers > running.length) break;
      // Rows that are done go on reading their last token, and nobody looks: all rows stay in step.
      const next = rows.map((row) => [row.out.at(-1)!]);
      const live = new Set(running);
      choose(rows, () => window.advance(next), live);
      rows.forEach((row, i) => {
        if (live.has(row)) read[i]!.push(next[i]![0]!);
      });
      running = running.filter((row) => !settle(row));
      if (running.length > 0) await nextTurn();
    }
    window.close(read);
  }

  /** Appends to each live row the token that its hidden state speaks for. */
  function choose(rows: Row[], hidden: () => tf.Tensor2D, live = new Set(rows)): void {
    const greedy = rows.every((row) => !row.request.sampling || !live.has(row));
    const scores = tf.tidy(() => {
      const z = logits(model, hidden());
      return greedy ? tf.argMax(z, 1) : z;
    });
    const values = scores.dataSync();
    scores.dispose();
    const V = model.config.vocab_size;
    rows.forEach((row, i) => {
      if (!live.has(row)) return;
      row.out.push(greedy ? values[i]! : pick(values.subarray(i * V, (i + 1) * V), row.request.sampling));
    });
  }

  /** Answers a row that is done. */
  function settle(row: Row): boolean {
    const stopped = row.request.isDone(row.out);
    if (!stopped && row.out.length < row.limit) return false;
    row.resolve({ ids: row.out, finish: stopped ? "stop" : "length", computed: row.computed });
    return true;
  }

  return { generate, release: (session) => void sessions.delete(session) };
}

/** Lets whoever waits for an answer ask the next question. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Rows of like length together, PREFILL_TOKENS at most in a group. */
function prefillGroups(rows: Row[]): Row[][] {
  const fresh = (row: Row) => row.request.ids.length - row.slot.tokens.length;
  const sorted = [...rows].sort((a, b) => fresh(b) - fresh(a));
  const groups: Row[][] = [];
  while (sorted.length > 0)
    groups.push(sorted.splice(0, Math.max(1, Math.floor(PREFILL_TOKENS / fresh(sorted[0]!)))));
  return groups;
}

/** Index of the highest logit, or a draw from softmax(logits / temperature). */
function pick(z: ArrayLike<number>, sampling: GenerationRequest["sampling"]): number {
  let best = 0;
  for (let i = 1; i < z.length; i++) if (z[i]! > z[best]!) best = i;
  if (!sampling) return best;
  const { temperature, rng } = sampling;
  const weight = (i: number) => Math.exp((z[i]! - z[best]!) / temperature);
  let total = 0;
  for (let i = 0; i < z.length; i++) total += weight(i);
  let left = rng.next() * total;
  for (let i = 0; i < z.length; i++) {
    left -= weight(i);
    if (left < 0) return i;
  }
  return best;
}
