/** A model that says the texts in turn; null stands for a prompt that no longer fits. Keeps what it was asked. */
import type { CompletionRequest, LanguageModel } from "../../lib/llm/client";

export function saying(texts: readonly (string | null)[]) {
  const requests: CompletionRequest[] = [];
  const released: string[] = [];
  const model: LanguageModel = {
    name: "saying",
    simulated: false,
    async complete(request) {
      const text = texts[requests.length] ?? null;
      requests.push({ ...request, messages: [...request.messages] });
      const usage = { calls: 1, promptTokens: 10, completionTokens: 2, cost: null };
      return { text: text ?? "", finish: text === null ? "context" : "stop", usage };
    },
    release: (session) => released.push(session),
  };
  return { model, requests, released };
}
