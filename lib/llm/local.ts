/** A checkpoint folder as a language model, in this process. Requests made together are decoded together. */
import { baseFolder, loadTuned } from "../model/adapter";
import { loadBackend } from "../model/backend";
import { createGenerator, type GeneratorOptions } from "../model/generate";
import { disposeModel, type Llama } from "../model/llama";
import { scoreTokens } from "../model/score";
import { loadTokenizer, type Tokenizer } from "../model/tokenizer";
import { createRng } from "../util/random";
import type { Completion, LanguageModel, TextCompletion, TextRequest } from "./client";

export interface LocalOptions extends GeneratorOptions {
  /** Completion tokens at most where a request does not say. Default 256. */
  maxTokens?: number;
  /** What artefacts call the model. Default `local:FOLDER`. */
  name?: string;
}

/** A model in this process also goes on with texts, and tells how likely they are. */
export type LocalModel = LanguageModel & Required<Pick<LanguageModel, "continue" | "release" | "close">>;

/**
 * The model of a checkpoint folder, or of an adapter's (model/adapter.ts); `close` frees it.
 *
 * @throws InputError when the folder is no checkpoint that the kit can compute, or the adapter's base is not here.
 */
export async function localModel(folder: string, options: LocalOptions = {}): Promise<LocalModel> {
  await loadBackend();
  const tokenizer = loadTokenizer(baseFolder(folder));
  const model = loadTuned(folder);
  const language = languageModel(model, tokenizer, { name: `local:${folder}`, ...options });
  const close = async () => {
    await language.close();
    disposeModel(model);
  };
  return { ...language, close };
}

/**
 * A model that is in memory already, for instance between two epochs. It stays the caller's to dispose of; `close`
 * frees what was kept of its sessions.
 */
export function languageModel(model: Llama, tokenizer: Tokenizer, options: LocalOptions = {}): LocalModel {
  const { maxTokens: defaultMaxTokens = 256, name = "local" } = options;
  const generator = createGenerator(model, options);
  const ends = new Set([tokenizer.eos, tokenizer.endOfTurn, model.config.eos_token_id ?? null].flat());
  const withoutEnd = (ids: readonly number[]) => (ends.has(ids.at(-1) ?? null) ? ids.slice(0, -1) : ids);
  const textOf = (ids: readonly number[]) => tokenizer.decode([...withoutEnd(ids)], { skipSpecial: true });

  type Rest = Omit<TextRequest, "prompt" | "logprobs">;
  /** @param said what the sample's seed is made from, besides the seed */
  async function answer(
    ids: readonly number[],
    said: string,
    request: Rest,
  ): Promise<Completion & { ids: number[] }> {
    const { temperature = 0, topP, maxTokens = defaultMaxTokens, stop = [], seed = 0 } = request;
    const { session, signal, onText } = request;
    // A stop string that has just been completed lies within this many tokens, for none is shorter than a byte.
    const tail = Math.max(0, ...stop.map((s) => Buffer.byteLength(s))) + 1;
    let told = 0;
    const isDone = (out: readonly number[]) => {
      if (onText) {
        const text = certain(textOf(out), stop);
        if (text.length > told) onText(text.slice(told));
        told = Math.max(told, text.length);
      }
      if (ends.has(out.at(-1)!)) return true;
      if (stop.length === 0) return false;
      const text = tokenizer.decode(out.slice(-tail));
      return stop.some((s) => text.includes(s));
    };
    const sampling = temperature > 0 ? { temperature, topP, rng: createRng(`${seed}/${said}`) } : undefined;
    const { ids: out, finish } = await generator.generate({
      ids,
      maxTokens,
      isDone,
      sampling,
      session,
      signal,
    });
    const whole = textOf(out);
    const text = whole.slice(0, firstStop(whole, stop));
    if (text.length > told) onText?.(text.slice(told));
    const usage = { calls: 1, promptTokens: ids.length, completionTokens: out.length, cost: null };
    return { text, finish, usage, ids: out };
  }

  /** A token by itself; one that is only part of a letter goes by its number. */
  const tokenText = (id: number) => {
    const text = tokenizer.decode([id]);
    return text.includes("\uFFFD") ? `token_id:${id}` : text;
  };
  function scored(ids: readonly number[], top: number): TextCompletion["tokens"] {
    return scoreTokens(model, ids, top).map(({ id, logprob, top: likeliest }) => ({
      text: tokenText(id),
      logprob,
      top: Object.fromEntries(
        // The chosen one is told too, likeliest or not; of tokens that read alike, the likelier counts.
        [...(logprob === null || top === 0 ? [] : [{ id, logprob }]), ...likeliest]
          .sort((a, b) => a.logprob - b.logprob)
          .map((t) => [tokenText(t.id), t.logprob]),
      ),
    }));
  }

  return {
    name,
    simulated: false,
    release: generator.release,
    close: generator.dispose,
    async complete({ messages, ...request }) {
      const said = messages.map(({ role, content }) => ({ role, content: tokenizer.literal(content) }));
      const prompt = tokenizer.applyChatTemplate(said, { addGenerationPrompt: true });
      const { ids: _, ...completion } = await answer(tokenizer.encode(prompt), prompt, request);
      return completion;
    },
    async continue({ prompt, logprobs, ...request }) {
      const bos =
        tokenizer.files.config["add_bos_token"] === true ? [tokenizer.bos].flatMap((id) => id ?? []) : [];
      const ids = typeof prompt === "string" ? [...bos, ...tokenizer.encode(prompt)] : prompt;
      const said = typeof prompt === "string" ? prompt : tokenizer.decode([...prompt]);
      const { maxTokens = defaultMaxTokens } = request;
      const empty = { text: "", finish: "length" as const, ids: [] as number[] };
      const usage = { calls: 1, promptTokens: ids.length, completionTokens: 0, cost: null };
      const fits = ids.length <= model.config.max_position_embeddings;
      const { ids: out, ...completion } =
        maxTokens === 0 && fits ? { ...empty, usage } : await answer(ids, said, request);
      const tokens =
        logprobs === undefined || completion.finish === "context"
          ? undefined
          : scored([...ids, ...withoutEnd(out)], logprobs);
      return { ...completion, prompt: said, tokens };
    },
  };
}

/** Where the first stop string begins; the text's length without one. */
function firstStop(text: string, stop: readonly string[]): number {
  return Math.min(text.length, ...stop.map((s) => text.indexOf(s)).filter((at) => at >= 0));
}

/** What of a text stands whatever comes next: no half letter, nothing that may be the beginning of a stop string. */
function certain(text: string, stop: readonly string[]): string {
  const end = firstStop(text.replace(/\uFFFD+$/, ""), stop);
  const held = stop.map((s) => {
    let n = Math.min(s.length - 1, end);
    while (n > 0 && !text.slice(0, end).endsWith(s.slice(0, n))) n--;
    return n;
  });
  return text.slice(0, end - Math.max(0, ...held));
}
