/**
 * Any OpenAI-compatible endpoint through the openai package: the paper's gpt-3.5-turbo, vLLM, a llama.cpp server,
 * or the kit's own `agentbank teacher`. The package retries 408, 409, 429 and 5xx and honours Retry-After.
 */
import OpenAI from "openai";
import { InputError } from "../util/errors";
import { type LanguageModel, noUsage } from "./client";

/** The paid endpoint, which needs a key. */
export const OPENAI_URL = "https://api.openai.com/v1";

export interface OpenAIOptions {
  /** Model name as the endpoint knows it, e.g. `gpt-3.5-turbo`. */
  model: string;
  /** Default: OPENAI_BASE_URL in the environment, else OPENAI_URL. */
  baseURL?: string;
  /** Tries after the first before a request fails. Default 8: a sustained 429 takes minutes, not rows. */
  maxRetries?: number;
  /** Milliseconds one request may take. Default 120,000. */
  timeout?: number;
  /** US dollars for a million prompt and completion tokens; without it the cost is unknown. */
  price?: { prompt: number; completion: number };
}

/**
 * A client whose key comes from OPENAI_API_KEY and goes nowhere but the request's header. A conversation that the
 * endpoint refuses as too long is an answer, `finish: "context"`, as with a local model.
 *
 * @throws InputError where the base URL is none, or is the paid one and the key is missing
 */
export function openaiModel(options: OpenAIOptions): LanguageModel {
  const baseURL = options.baseURL ?? (process.env.OPENAI_BASE_URL || OPENAI_URL);
  if (!URL.canParse(baseURL)) throw new InputError(`base URL "${baseURL}": not a URL`);
  const apiKey = process.env.OPENAI_API_KEY || (baseURL.startsWith(OPENAI_URL) ? null : "none");
  if (!apiKey)
    throw new InputError(
      `missing key: model "${options.model}" at ${baseURL} needs OPENAI_API_KEY in the environment; an endpoint of ` +
        "your own (--base-url, OPENAI_BASE_URL, or baseURL in a preset) needs none",
    );
  const client = new OpenAI({
    apiKey,
    baseURL,
    maxRetries: options.maxRetries ?? 8,
    timeout: options.timeout ?? 120_000,
  });

  return {
    name: `${options.model} @ ${client.baseURL}`,
    simulated: false,
    async complete(request) {
      const reply = await client.chat.completions
        .create({
          model: options.model,
          messages: [...request.messages],
          temperature: request.temperature ?? 0,
          ...(request.maxTokens !== undefined && { max_tokens: request.maxTokens }),
          ...(request.stop?.length && { stop: [...request.stop] }),
          ...(request.seed !== undefined && { seed: request.seed }),
        })
        .catch((error: unknown) => {
          if (isTooLong(error)) return null;
          throw error;
        });
      if (!reply) return { text: "", finish: "context", usage: { ...noUsage, calls: 1 } };
      const choice = reply.choices[0];
      const promptTokens = reply.usage?.prompt_tokens ?? 0;
      const completionTokens = reply.usage?.completion_tokens ?? 0;
      const cost = options.price
        ? (promptTokens * options.price.prompt + completionTokens * options.price.completion) / 1e6
        : null;
      return {
        text: choice?.message.content ?? "",
        finish: choice?.finish_reason === "length" ? "length" : "stop",
        usage: { calls: 1, promptTokens, completionTokens, cost },
      };
    },
  };
}

/** OpenAI names the refusal by a code; vLLM and llama.cpp say it in words. */
function isTooLong(error: unknown): boolean {
  if (!(error instanceof OpenAI.BadRequestError)) return false;
  return (
    error.code === "context_length_exceeded" || /maximum context length|context size/i.test(error.message)
  );
}
