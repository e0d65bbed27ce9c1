/** Exact match and F1 of short answers, as HotpotQA's hotpot_evaluate_v1.py (and SQuAD's script before it) has them. */

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

/** Harmonic mean of word precision and recall, in [0, 1]; "yes", "no" and "noanswer" match as a whole or not at all. */
export function f1(answer: string, gold: string): number {
  const [a, b] = [normalizeAnswer(answer), normalizeAnswer(gold)];
  const whole = ["yes", "no", "noanswer"];
  if (a !== b && (whole.includes(a) || whole.includes(b))) return 0;
  const [predicted, expected] = [a.split(" ").filter(Boolean), b.split(" ").filter(Boolean)];
  const left = [...expected];
  const common = predicted.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
  return common === 0 ? 0 : (2 * common) / (predicted.length + expected.length);
}
