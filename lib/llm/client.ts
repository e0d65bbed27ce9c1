/** One way to ask any language model: an API, the simulated teacher, or a local checkpoint. */
import type { Usage } from "../trajectory/schema";

export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface CompletionRequest {
  messages: readonly Message[];
  /** 0 is greedy. Default 0. */
  temperature?: number;
  /** Completion tokens at most. Default: the client's own. */
  maxTokens?: number;
  stop?: readonly string[];
  /** Makes repeated samples of one prompt differ, and each reproducible. */
  seed?: number;
  /** Names the episode, so that a local model keeps its KV cache from turn to turn. */
  session?: string;
}

export interface Completion {
  text: string;
  /** `length`: cut at maxTokens; `context`: the prompt does not fit the model (text is empty). */
  finish: "stop" | "length" | "context";
  usage: Usage;
}

export interface LanguageModel {
  readonly name: string;
  /** True for the kit's simulated teacher: artefacts and figures say so. */
  readonly simulated: boolean;
  complete(request: CompletionRequest): Promise<Completion>;
  /** The episode named by `session` is over: what is kept for it may go. */
  release?(session: string): void;
  close?(): Promise<void> | void;
}

export const noUsage: Usage = { calls: 0, promptTokens: 0, completionTokens: 0, cost: null };

/** Sums usages; the cost is null only where every cost is. */
export function addUsage(...usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, u) => ({
      calls: sum.calls + u.calls,
      promptTokens: sum.promptTokens + u.promptTokens,
      completionTokens: sum.completionTokens + u.completionTokens,
      cost: sum.cost === null ? u.cost : sum.cost + (u.cost ?? 0),
    }),
    noUsage,
  );
}
