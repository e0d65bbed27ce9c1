/** A checkpoint folder as a language model, in this process. Requests made together are decoded together. */
import { loadBackend } from "../model/backend";
import { loadModel } from "../model/checkpoint";
import { createGenerator, type GeneratorOptions } from "../model/generate";
import { disposeModel, type Llama } from "../model/llama";
import { loadTokenizer, type Tokenizer } from "../model/tokenizer";
import { createRng } from "../util/random";
import type { LanguageModel } from "./client";

export interface LocalOptions extends GeneratorOptions {
  /** Completion tokens at most where a request does not say. Default 256. */
  maxTokens?: number;
  /** What artefacts call the model. Default `local:FOLDER`. */
  name?: string;
}

/**
 * The model of a checkpoint folder; `close` frees it.
 *
 * @throws InputError when the folder is no checkpoint that the kit can compute.
 */
export async function localModel(folder: string, options: LocalOptions = {}): Promise<LanguageModel> {
  await loadBackend();
  const model = loadModel(folder);
  const language = languageModel(model, loadTokenizer(folder), { name: `local:${folder}`, ...options });
  return { ...language, close: () => disposeModel(model) };
}

/** A model that is in memory already, for instance between two epochs. It stays the caller's to dispose of. */
export function languageModel(model: Llama, tokenizer: Tokenizer, options: LocalOptions = {}): LanguageModel {
  const { maxTokens: defaultMaxTokens = 256, name = "local" } = options;
  const generator = createGenerator(model, options);
  const ends = new Set([tokenizer.eos, tokenizer.endOfTurn, model.config.eos_token_id ?? null].flat());

  return {
    name,
    simulated: false,
    release: generator.release,
    async complete({
      messages,
      temperature = 0,
      maxTokens = defaultMaxTokens,
      stop = [],
      seed = 0,
      session,
    }) {
      const said = messages.map(({ role, content }) => ({ role, content: tokenizer.literal(content) }));
      const prompt = tokenizer.applyChatTemplate(said, { addGenerationPrompt: true });
      const ids = tokenizer.encode(prompt);
      // A stop string that has just been completed lies within this many tokens, for none is shorter than a byte.
      const tail = Math.max(0, ...stop.map((s) => Buffer.byteLength(s))) + 1;
      const isDone = (out: readonly number[]) => {
        if (ends.has(out.at(-1)!)) return true;
        if (stop.length === 0) return false;
        const text = tokenizer.decode(out.slice(-tail));
        return stop.some((s) => text.includes(s));
      };
      const sampling = temperature > 0 ? { temperature, rng: createRng(`${seed}/${prompt}`) } : undefined;
      const { ids: out, finish } = await generator.generate({ ids, maxTokens, isDone, sampling, session });

      const text = tokenizer.decode(ends.has(out.at(-1) ?? null) ? out.slice(0, -1) : out, {
        skipSpecial: true,
      });
      const cut = Math.min(text.length, ...stop.map((s) => text.indexOf(s)).filter((at) => at >= 0));
      const usage = { calls: 1, promptTokens: ids.length, completionTokens: out.length, cost: null };
      return { text: text.slice(0, cut), finish, usage };
    },
  };
}
