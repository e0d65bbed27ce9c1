/** A page of pre-training text under construction: token ids, and how much each is worth predicting. */
import type { Tokenizer } from "../../model/tokenizer";
import type { Rng } from "../../util/random";
import type { Lexicon } from "./lexicon";
import { PRE_TOKENS, SPECIAL } from "./vocabulary";

/** Text, or token ids as they are. */
export type Part = string | number | readonly number[];

/** What exercises draw from. */
export interface Material {
  encode(text: string): readonly number[];
  lexicon: Lexicon;
  /** Lower-case words of every group. */
  words: readonly string[];
  /** Every id that is not a special token. */
  tokens: readonly number[];
}

export interface Page {
  rng: Rng;
  material: Material;
  ids: number[];
  weights: number[];
  /** Text that cannot be foretold; a sample of it is trained on all the same, for its language. */
  given(...parts: Part[]): void;
  /** Text that follows from what came before: the point of the exercise. */
  answer(...parts: Part[]): void;
}

/** Writes one exercise. */
export type Exercise = (page: Page) => void;

// A tenth of the given tokens at a tenth of the weight costs a tenth of the vocabulary projection.
const GIVEN_SHARE = 0.1;
const GIVEN_WEIGHT = 0.1;

export function createPage(material: Material, rng: Rng): Page {
  const page: Page = {
    rng,
    material,
    ids: [],
    weights: [],
    given: (...parts) => write(parts, () => (rng.chance(GIVEN_SHARE) ? GIVEN_WEIGHT : 0)),
    answer: (...parts) => write(parts, () => 1),
  };
  const write = (parts: readonly Part[], weight: () => number) => {
    for (const part of parts) {
      const ids = typeof part === "string" ? material.encode(part) : typeof part === "number" ? [part] : part;
      for (const id of ids) {
        page.ids.push(id);
        page.weights.push(weight());
      }
    }
  };
  return page;
}

/** Pre-tokens are encoded independently of each other, so each needs encoding only once. */
const preToken = new RegExp(PRE_TOKENS, "gu");

export function createMaterial(tokenizer: Tokenizer, lexicon: Lexicon): Material {
  const known = new Map<string, readonly number[]>();
  const one = (text: string) => {
    const ids = known.get(text) ?? tokenizer.encode(text);
    known.set(text, ids);
    return ids;
  };
  const lower = Object.values(lexicon)
    .flat()
    .filter((w) => /^[a-z]{2,}$/.test(w));
  return {
    encode: (text) => (text.match(preToken) ?? []).flatMap(one),
    lexicon,
    words: [...new Set(lower)],
    tokens: Array.from({ length: tokenizer.size - SPECIAL.length }, (_, i) => i + SPECIAL.length),
  };
}

/** k distinct words of the lexicon. */
export const words = (page: Page, k: number): string[] => page.rng.sample(page.material.words, k);
/** One word of a group. */
export const word = (page: Page, group: string): string => page.rng.pick(page.material.lexicon[group]!);
/** A number of one to three digits, each length as likely. */
export const number = (page: Page): number => page.rng.int(0, page.rng.pick([9, 20, 99, 99, 999]));
