/** Exact match of short answers, as HotpotQA's hotpot_evaluate_v1.py (and SQuAD's script before it) has it. */

/** Lower case, without punctuation, without the articles a, an and the, one space between words. */
export function normalizeAnswer(answer: string): string {
  return answer
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, "")
    .replace(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, " ")
    .split(/\s+/)
    .filter(Boolean)
    .join(" ");
}

/** 1 where the normalized answers are equal, else 0. */
export function exactMatch(answer: string, gold: string): number {
  return normalizeAnswer(answer) === normalizeAnswer(gold) ? 1 : 0;
}
