import type { CompletionRequest, LanguageModel, Message } from "./client";

/** What a simulated model says, as a pure function of the conversation and the seed. */
export type Policy = (messages: readonly Message[], seed: number) => Promise<string> | string;

/** About four characters a token, OpenAI's rule of thumb: an estimate, for there is no tokenizer to ask. */
const estimateTokens = (text: string) => Math.ceil(text.length / 4);

/**
 * A language model without weights, so that every pipeline runs offline and costs nothing. Its answers are the
 * policy's; usage is an estimate; the cost is null, for nothing is paid.
 */
export function simulatedModel(name: string, policy: Policy): LanguageModel {
  return {
    name,
    simulated: true,
    async complete(request: CompletionRequest) {
      const text = await policy(request.messages, request.seed ?? 0);
      const promptTokens = request.messages.reduce((n, m) => n + estimateTokens(m.content), 0);
      return {
        text,
        finish: "stop",
        usage: { calls: 1, promptTokens, completionTokens: estimateTokens(text), cost: null },
      };
    },
  };
}
