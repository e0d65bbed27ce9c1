/**
 * Multiple choice scored by likelihood, by the rule of EleutherAI's lm-evaluation-harness (0.4, `multiple_choice`,
 * metric `acc`): the choice whose text is likeliest behind the question, in total and not per token, is the model's.
 */
import type { Llama } from "../model/llama";
import { nextLogprobs, scoreTokens } from "../model/score";
import type { Tokenizer } from "../model/tokenizer";
import type { AbilityScore } from "./ability";

export interface ChoiceQuestion {
  id: string;
  /** Its subject. */
  group: string;
  /** All that stands before the choice, examples included. */
  context: string;
  /** What the model is scored on, with the space before it. */
  choices: readonly string[];
  /** Index of the right choice. */
  answer: number;
}

/** The first of equally likely choices counts, as in numpy's argmax. */
export function answerQuestion(model: Llama, tokenizer: Tokenizer, question: ChoiceQuestion): AbilityScore {
  const { id, group, context, choices, answer } = question;
  const likelihoods = logLikelihoods(model, tokenizer, context, choices);
  const chosen = likelihoods.indexOf(Math.max(...likelihoods));
  const tokens = continuation(tokenizer, context, choices[answer]!).length;
  return { id, group, score: chosen === answer ? 1 : 0, loss: -likelihoods[answer]! / tokens };
}

/**
 * ln p(text | context) of each text. Context and text are tokenized as one, and what is longer than the context alone
 * is the text; a text too long for the model loses its beginning. A tokenizer that asks for a bos token gets one.
 */
export function logLikelihoods(
  model: Llama,
  tokenizer: Tokenizer,
  context: string,
  texts: readonly string[],
): number[] {
  const before = encode(tokenizer, context.trimEnd());
  const behind = texts.map((text) => continuation(tokenizer, context, text));
  const most = model.config.max_position_embeddings;
  if (behind.every((ids) => ids.length === 1)) {
    // All choices are one token: the context is read once.
    const logprobs = nextLogprobs(model, before.slice(-most));
    return behind.map(([id]) => logprobs[id!]!);
  }
  return behind.map((ids) => {
    // The last token is scored, not read.
    const whole = [...before, ...ids].slice(-most - 1);
    return scoreTokens(model, whole)
      .slice(-ids.length)
      .reduce((sum, { logprob }) => sum + logprob!, 0);
  });
}

/** The tokens that a text adds to its context. White space at the context's end belongs to them. */
function continuation(tokenizer: Tokenizer, context: string, text: string): number[] {
  return encode(tokenizer, context + text).slice(encode(tokenizer, context.trimEnd()).length);
}

function encode(tokenizer: Tokenizer, text: string): number[] {
  const bos =
    tokenizer.files.config["add_bos_token"] === true && tokenizer.bos !== null ? [tokenizer.bos] : [];
  return [...bos, ...tokenizer.encode(text)];
}
