/**
 * Continuous batching: one token at a time for all requests that are running. Who is done is answered at once; who
 * arrives is let in every 16 tokens, or sooner where that pays.
 *
 * What a request begins with and some session has read already is not computed again: the example in front of every
 * episode of a task is read once.
 */
import * as tf from "@tensorflow/tfjs";
import { createDecodeStep } from "./decode/compiled";
import { prefill } from "./decode/prefill";
import { type Sampling, sample } from "./decode/sample";
import { clearSlot, common, emptySlot, fork, type Slot } from "./decode/slots";
import { RECENT } from "./decode/step";
import { openWindow } from "./decode/window";
import { type Llama, logits } from "./llama";

export interface GenerationRequest {
  /** The whole prompt. What was read of it already is not computed again. */
  ids: readonly number[];
  /** New tokens at most. */
  maxTokens: number;
  /** Called after each new token with all of them so far; true ends the row. */
  isDone: (ids: readonly number[]) => boolean;
  /** Default: greedy, of equal logits the lowest id. */
  sampling?: Sampling;
  /** Keeps what was read under this name for the next request. */
  session?: string;
  /** Ends the row, whose tokens so far are the answer, and frees its slot. */
  signal?: AbortSignal;
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
  /** Requests that are made together run together. The outcome does not depend on it. */
  generate(request: GenerationRequest): Promise<Generation>;
  /** Forgets a session. */
  release(session: string): void;
  /** Forgets all sessions and frees the compiled step. Nothing must be running. */
  dispose(): void;
}

export interface GeneratorOptions {
  /** Rows decoded at once, and sessions remembered at most: beyond, the least recently used goes. Default 256. */
  slots?: number;
  /** Tokens of prompt and answer at most. Default: the model's max_position_embeddings. */
  maxLength?: number;
  /** Steps that are taken eagerly before the step is compiled; Infinity: always eagerly. Default 24. */
  compileAfter?: number;
}

/** Tokens in common with another session from which on they are taken from there. */
const WORTH_SHARING = 32;

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
  /** Slots of the rows that are running, and of those that have just ended. */
  const busy = new Set<Slot>();
  const step = createDecodeStep(model, options.compileAfter);
  const waiting: Row[] = [];
  let running: Row[] = [];
  let awake = false;

  function generate(request: GenerationRequest): Promise<Generation> {
    const limit = Math.min(request.maxTokens, maxLength - request.ids.length);
    if (limit < 1 || request.ids.length === 0) {
      return Promise.resolve({ ids: [], finish: "context", computed: 0 });
    }
    return new Promise((resolve, reject) => {
      waiting.push({ request, slot: emptySlot(), out: [], limit, computed: 0, resolve, reject });
      if (!awake) {
        awake = true;
        void run();
      }
    });
  }

  async function run(): Promise<void> {
    await nextTurn();
    while (waiting.length + running.length > 0) {
      try {
        admit(waiting.splice(0, maxSlots - running.length));
        if (running.length > 0) await decode();
      } catch (error) {
        for (const row of [...running.splice(0), ...waiting.splice(0)]) {
          row.reject(error);
          busy.add(row.slot);
        }
      }
      for (const slot of busy) if (!isKept(slot)) clearSlot(slot);
      busy.clear();
      for (const { slot } of running) busy.add(slot);
      await nextTurn();
    }
    awake = false;
  }

  const isKept = (slot: Slot) =>
    running.some((row) => row.slot === slot) || [...sessions.values()].includes(slot);

  /** Reads the prompts of newcomers, first of those that share nothing: the others may then know much of theirs. */
  function admit(arrived: Row[]): void {
    let left = arrived.filter(({ request, resolve }) => {
      if (request.signal?.aborted) resolve({ ids: [], finish: "stop", computed: 0 });
      return !request.signal?.aborted;
    });
    while (left.length > 0) {
      const wave: Row[] = [];
      const later: Row[] = [];
      for (const row of left) {
        const { ids } = row.request;
        const worth = WORTH_SHARING + known(row.request).length;
        const alike = wave.some((other) => common(other.request.ids, ids) >= worth);
        (alike ? later : wave).push(row);
      }
      for (const row of wave) {
        row.slot = recall(row.request);
        busy.add(row.slot);
        running.push(row);
      }
      read(wave);
      left = later;
    }
    running = running.filter((row) => !settle(row));
  }

  /** The slot that knows most of a prompt, and how much. The last token of a prompt is always computed anew. */
  function known({ session, ids }: GenerationRequest): { slot: Slot | null; length: number; own: boolean } {
    const most = ids.length - 1;
    const own = session === undefined ? undefined : sessions.get(session);
    let best = { slot: own ?? null, length: own ? Math.min(most, common(own.tokens, ids)) : 0, own: true };
    for (const slot of [...sessions.values(), ...busy]) {
      const length = Math.min(most, common(slot.tokens, ids));
      if (length >= best.length + WORTH_SHARING) best = { slot, length, own: false };
    }
    return best;
  }

  /** A slot for the request that holds what is known of its prompt, kept under the name of its session. */
  function recall(request: GenerationRequest): Slot {
    const { slot: source, length, own } = known(request);
    const free = own && source && !busy.has(source);
    const slot = free ? source : source ? fork(source, length) : emptySlot();
    slot.tokens.length = length;
    const { session } = request;
    if (session !== undefined) {
      const before = sessions.get(session);
      sessions.delete(session);
      sessions.set(session, slot);
      if (before && before !== slot) forget(before);
      for (const [oldest, old] of [...sessions].slice(0, Math.max(0, sessions.size - maxSlots))) {
        sessions.delete(oldest);
        forget(old);
      }
    }
    return slot;
  }

  /** Frees a slot, at once or when its row is done. */
  function forget(slot: Slot): void {
    if (!busy.has(slot)) clearSlot(slot);
  }

  /** Reads what is left of the prompts and chooses the first token of each row. */
  function read(rows: Row[]): void {
    const readings = rows.map(({ slot, request }) => ({ slot, ids: request.ids.slice(slot.tokens.length) }));
    const hidden = prefill(model, readings);
    const { tokens, z } = tf.tidy(() => {
      const z = logits(model, hidden);
      return { tokens: tf.argMax(z, 1) as tf.Tensor1D, z };
    });
    choose(rows, tokens, z);
    tf.dispose([hidden, tokens, z]);
    rows.forEach((row, i) => {
      row.computed = readings[i]!.ids.length;
    });
  }

  /** Decodes the running rows until half of them are done, or newcomers are let in. */
  async function decode(): Promise<void> {
    const rows = running;
    await step.prepare();
    const window = openWindow(
      model,
      rows.map((row) => row.slot),
      step.run,
    );
    const read: number[][] = rows.map(() => []);
    const ready = () => {
      const newcomers = Math.min(waiting.length, maxSlots - running.length);
      return 2 * running.length < rows.length || newcomers > running.length;
    };
    try {
      for (let taken = 0; running.length > 0 && !ready(); taken++) {
        if (taken > 0 && taken % RECENT === 0) {
          if (waiting.length > 0) break;
          await step.prepare();
        }
        // Rows that are done go on reading their last token, and nobody looks: all rows stay in step.
        const next = rows.map((row) => row.out.at(-1)!);
        const live = new Set(running);
        const { tokens, logits } = window.advance(next);
        choose(rows, tokens, logits, live);
        tf.dispose([tokens, logits]);
        rows.forEach((row, i) => {
          if (live.has(row)) read[i]!.push(next[i]!);
        });
        running = running.filter((row) => !settle(row));
        if (running.length > 0) await nextTurn();
      }
      rows.forEach((row, i) => {
        if (isKept(row.slot)) window.save(i, read[i]!);
      });
    } finally {
      window.close();
    }
  }

  /** Appends to each live row the token that its logits speak for. */
  function choose(rows: Row[], tokens: tf.Tensor1D, z: tf.Tensor2D, live = new Set(rows)): void {
    const best = tokens.dataSync();
    const sampled = rows.some((row) => row.request.sampling && live.has(row));
    const scores = sampled ? z.dataSync() : null;
    const V = model.config.vocab_size;
    rows.forEach((row, i) => {
      if (!live.has(row)) return;
      const { sampling } = row.request;
      row.out.push(sampling ? sample(scores!.subarray(i * V, (i + 1) * V), sampling) : best[i]!);
    });
  }

  /** Answers a row that is done. */
  function settle({ request, out, limit, computed, resolve }: Row): boolean {
    const stopped = request.isDone(out) || request.signal?.aborted === true;
    if (!stopped && out.length < limit) return false;
    resolve({ ids: out, finish: stopped ? "stop" : "length", computed });
    return true;
  }

  return {
    generate,
    release(session) {
      const slot = sessions.get(session);
      sessions.delete(session);
      if (slot) forget(slot);
    },
    dispose() {
      for (const slot of sessions.values()) clearSlot(slot);
      sessions.clear();
      step.dispose();
    },
  };
}

/** Lets whoever waits for an answer ask the next question. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
