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

/** Groups whose words also stand alone often (line starts, quotes, brackets, code), not only after a space. */
const BARE = [
  "code",
  "Code",
  "Cap",
  "color",
  "material",
  "quality",
  "thing",
  "Person",
  "Place",
  "Letter",
  "topic",
];

const letters = /^\p{L}+$/u;

/** A byte-level BPE in which 0–999 and the lexicon's words are one token each. */
export function buildTokenizer(lexicon: Lexicon, vocabSize: number): Tokenizer {
  const words = [...new Set(Object.values(lexicon).flat())].filter((w) => letters.test(w));
  const bare = BARE.flatMap((group) => lexicon[group] ?? []).filter((w) => letters.test(w));
  const seedTokens = [
    ...Array.from({ length: 1000 }, (_, n) => String(n)),
    ...words.map((w) => ` ${w}`),
    ...bare,
    ...[
      " +",
      " -",
      " *",
      " /",
      " =",
      " ==",
      " >",
      " <",
      " >=",
      " <=",
      " $",
      " (",
      " [",
      " {",
      ' "',
      " '",
      " ->",
      " <-",
    ],
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
  const json = trainBpe(texts, { vocabSize, specialTokens: SPECIAL, seedTokens });
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
