/** What tests of general abilities, beside acting, have in common. */
import { mean } from "./bootstrap";

/** How a model did on one question or conversation. */
export interface AbilityScore {
  id: string;
  /** The subject or kind that it belongs to. */
  group: string;
  /** In [0, 1]: 1 for the right choice; the share of answers given word for word. */
  score: number;
  /** Nats per token of the right answer, of its letter alone in a multiple choice. Lower is better. */
  loss: number;
}

export interface AbilitySummary {
  version: 1;
  model: string;
  questions: number;
  /** Mean score, every question counting alike, as lm-evaluation-harness weighs subjects by their size. */
  score: number;
  loss: number;
  /** e to the loss. */
  perplexity: number;
  /** Mean score by group. */
  groups: Record<string, number>;
}

/** @throws RangeError for no scores */
export function summarizeAbility(model: string, scores: readonly AbilityScore[]): AbilitySummary {
  if (scores.length === 0) throw new RangeError("a test of abilities needs at least one question");
  const groups = [...new Set(scores.map((s) => s.group))];
  const scoreOf = (some: readonly AbilityScore[]) => mean(some.map((s) => s.score));
  const loss = mean(scores.map((s) => s.loss));
  return {
    version: 1,
    model,
    questions: scores.length,
    score: scoreOf(scores),
    loss,
    perplexity: Math.exp(loss),
    groups: Object.fromEntries(groups.map((g) => [g, scoreOf(scores.filter((s) => s.group === g))])),
  };
}
