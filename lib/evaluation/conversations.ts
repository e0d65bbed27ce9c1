/** Conversations that a model was not trained on: how likely their answers are to it, and whether it gives them. */
import { languageModel } from "../llm/local";
import type { Llama } from "../model/llama";
import { scoreTokens } from "../model/score";
import type { Tokenizer } from "../model/tokenizer";
import type { Trajectory } from "../trajectory/schema";
import { mapConcurrent } from "../util/concurrent";
import type { AbilityScore } from "./ability";
import { mean } from "./bootstrap";

/** A conversation, and its tokens as training reads them: 1 marks those of its answers. */
export interface TokenizedConversation {
  conversation: Trajectory;
  ids: Int32Array;
  trained: Uint8Array;
}

/**
 * The loss of a conversation is the mean over the tokens of its answers, end of turn included, as in training (Eq. 1).
 * Its score is the share of answers that the model gives word for word, white space at the ends apart: greedily, each
 * behind the conversation's own turns before it.
 *
 * @param options.maxTokens of an answer: longer ones cannot be right
 */
export async function scoreConversations(
  model: Llama,
  tokenizer: Tokenizer,
  conversations: readonly TokenizedConversation[],
  options: { maxTokens: number; onProgress?: (done: number, total: number) => void },
): Promise<AbilityScore[]> {
  const { maxTokens, onProgress } = options;
  const language = languageModel(model, tokenizer, { maxTokens });
  let done = 0;
  const scored = await mapConcurrent(conversations, conversations.length, async ({ conversation }) => {
    const { turns } = conversation;
    const asked = turns.flatMap((turn, i) => (turn.role === "assistant" && turn.loss ? [i] : []));
    const right = await mapConcurrent(asked, asked.length, async (i) => {
      const messages = turns.slice(0, i).map(({ role, content }) => ({ role, content }));
      const { text } = await language.complete({ messages });
      return text.trim() === turns[i]!.content.trim() ? 1 : 0;
    });
    onProgress?.(++done, conversations.length);
    return mean(right);
  });
  await language.close();
  return conversations.map(({ conversation, ids, trained }, c) => {
    const surprise = scoreTokens(model, [...ids]).flatMap(({ logprob }, i) =>
      trained[i] === 1 && logprob !== null ? [-logprob] : [],
    );
    return { id: conversation.id, group: conversation.task, score: scored[c]!, loss: mean(surprise) };
  });
}
