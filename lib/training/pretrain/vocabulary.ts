/** The base model's tokenizer: numbers and everyday words whole, everything else in learned pieces. */
import { trainBpe } from "../../model/bpe-train";
import { createTokenizer, type Tokenizer } from "../../model/tokenizer";
import type { Lexicon } from "./lexicon";

export const SPECIAL = ["<pad>", "<s>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"] as const;

/** `<s>` once, then `<|role|>text<|end|>` for each message, with TRL's marks around what is trained. */
export const CHAT_TEMPLATE =
  "{{ bos_token }}{% for message in messages %}<|{{ message.role }}|>" +
  "{% if message.role == 'assistant' %}{% generation %}{{ message.content }}<|end|>{% endgeneration %}" +
  "{% else %}{{ message.content }}<|end|>{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}<|assistant|>{% endif %}";

/**
 * Words with the space before them, numbers in groups of three, punctuation apart: `[large` is `[` and `large`, so that
 * a word in brackets or quotes is as whole as one in a sentence.
 */
export const PRE_TOKENS = String.raw` ?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

const OPERATORS = [..."+-*/=<>$([{\"'", "==", ">=", "<=", "->"];

const letters = /^\p{L}+$/u;

/** A byte-level BPE in which 0–999 and the lexicon's words are one token each. */
export function buildTokenizer(lexicon: Lexicon, vocabSize: number): Tokenizer {
  const words = [...new Set(Object.values(lexicon).flat())].filter((w) => letters.test(w));
  const seedTokens = [
    ...Array.from({ length: 1000 }, (_, n) => String(n)),
    ...words.flatMap((w) => [w, ` ${w}`]),
    ...OPERATORS.map((symbol) => ` ${symbol}`),
    ...["->", "==", "!=", "<=", ">=", "()", "):", "];", ");", "...", "\n\n", "  ", "   ", "    "],
  ];
  // Pieces of other words are learnt from these ones, in the forms that are not whole tokens already.
  const texts = words.flatMap((w) => [
    w,
    w[0]!.toUpperCase() + w.slice(1),
    `${w}s`,
    `${w}ing`,
    `${w}ed`,
    `"${w}`,
  ]);
  const json = trainBpe(texts, { vocabSize, specialTokens: SPECIAL, seedTokens, preTokens: PRE_TOKENS });
  return createTokenizer(json, {
    tokenizer_class: "PreTrainedTokenizerFast",
    bos_token: "<s>",
    eos_token: "<|end|>",
    pad_token: "<pad>",
    chat_template: CHAT_TEMPLATE,
    clean_up_tokenization_spaces: false,
    model_max_length: 2048,
  });
}
