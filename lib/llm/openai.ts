/**
 * Any OpenAI-compatible endpoint through the openai package: the paper's gpt-3.5-turbo, vLLM, a llama.cpp server,
 * or the kit's own `agentbank teacher`. The package retries 408, 409, 429 and 5xx and honours Retry-After.
 */
import OpenAI from "openai";
import { InputError } from "../util/errors";
import type { LanguageModel } from "./client";

export interface OpenAIOptions {
  /** Model name as the endpoint knows it, e.g. `gpt-3.5-turbo`. */
  model: string;
  /** Default: OPENAI_BASE_URL, else the package's own. */
  baseURL?: string;
  /** Tries after the first before a request fails. Default 8: a sustained 429 takes minutes, not rows. */
  maxRetries?: number;
  /** Milliseconds one request may take. Default 120,000. */
  timeout?: number;
  /** US dollars for a million prompt and completion tokens; without it the cost is unknown. */
  price?: { prompt: number; completion: number };
}

/**
 * A client whose key comes from OPENAI_API_KEY and goes nowhere but the request's header.
 * Throws InputError where the key is missing and no base URL of the user's own stands in for the paid one.
 */
export function openaiModel(options: OpenAIOptions): LanguageModel {
  const baseURL = options.baseURL ?? process.env.OPENAI_BASE_URL;
  const apiKey = process.env.OPENAI_API_KEY ?? (baseURL ? "none" : undefined);
  if (!apiKey)
    throw new InputError(
      `missing key: model "${options.model}" needs OPENAI_API_KEY in the environment ` +
        "(or a base URL of your own: --base-url, OPENAI_BASE_URL)",
    );
  const client = new OpenAI({
    apiKey,
    ...(baseURL && { baseURL }),
    maxRetries: options.maxRetries ?? 8,
    timeout: options.timeout ?? 120_000,
  });

  return {
    name: `${options.model} @ ${client.baseURL}`,
    simulated: false,
    async complete(request) {
      const reply = await client.chat.completions.create({
        model: options.model,
        messages: [...request.messages],
        temperature: request.temperature ?? 0,
        ...(request.maxTokens !== undefined && { max_tokens: request.maxTokens }),
        ...(request.stop?.length && { stop: [...request.stop] }),
        ...(request.seed !== undefined && { seed: request.seed }),
      });
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
