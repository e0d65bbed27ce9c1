/** A published claim, the test that was stated for it before the runs, and how that came out. */
import type { Interval } from "../evaluation/bootstrap";
import type { TableRow } from "../report/cell";
import { readPublished } from "../report/published";
import { unknown } from "../util/errors";

export const outcomes = ["shown", "not shown", "not testable"] as const;
export type Outcome = (typeof outcomes)[number];

/** What is stated before the runs. */
export interface Statement {
  /** Name in data/published/: `figure-3`. */
  source: string;
  /** One of its claims, word for word. */
  claim: string;
  /** Which part of the claim, where it has several: `base generalist`. */
  part?: string;
  /** The number that the paper gives for it, as it prints it; left out where it prints none. */
  published?: string;
  /** What must hold for the claim to count as shown, and in which unit. */
  test: string;
}

export interface Verdict extends Statement {
  outcome: Outcome;
  /** What the test looks at; null where it cannot be made. */
  measured: Interval | null;
  /** Why it cannot be made, or what a reader should know of how it came out. */
  note?: string;
}

/**
 * Says how a statement came out. Throws InputError where the claim is none of its source's, so that no verdict can
 * drift from what was published.
 */
function verdict(statement: Statement, outcome: Outcome, measured: Interval | null, note?: string): Verdict {
  const { claims } = readPublished(statement.source);
  if (!claims.includes(statement.claim))
    throw unknown(`claim of ${statement.source}`, statement.claim, claims);
  return { ...statement, outcome, measured, ...(note !== undefined && { note }) };
}

/** Shown where the whole interval lies above 0. */
export function aboveZero(statement: Statement, measured: Interval, note?: string): Verdict {
  return above(statement, 0, measured, note);
}

/** Shown where the whole interval lies above `bound`: with a bound below 0, no worse by as much. */
export function above(statement: Statement, bound: number, measured: Interval, note?: string): Verdict {
  return verdict(statement, measured.low > bound ? "shown" : "not shown", measured, note);
}

/** Shown where the interval contains 0: no difference is told apart. Wide intervals show this too: say so. */
export function containsZero(statement: Statement, measured: Interval, note?: string): Verdict {
  return verdict(statement, measured.low <= 0 && measured.high >= 0 ? "shown" : "not shown", measured, note);
}

/** Shown where every interval lies above 0; the one told is the lowest. */
export function allAboveZero(statement: Statement, measured: readonly Interval[], note?: string): Verdict {
  return aboveZero(statement, [...measured].sort((a, b) => a.low - b.low)[0]!, note);
}

/** For a claim that this preset has no means to test: `note` says what it lacks. */
export function notTestable(statement: Statement, note: string): Verdict {
  return verdict(statement, "not testable", null, note);
}

/** Verdicts as rows of a table. */
export function verdictRows(verdicts: readonly Verdict[]): TableRow[] {
  return verdicts.map(({ claim, part, published, test, outcome, measured, note }) => ({
    claim: part ? `${claim} (${part})` : claim,
    published: published ?? null,
    test,
    measured: measured && { mean: measured.mean, low: measured.low, high: measured.high },
    verdict: outcome,
    note: note ?? null,
  }));
}
