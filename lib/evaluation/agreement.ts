/** How far raters agree on what each of them has rated. */
import { mean } from "./bootstrap";
import { type Preference, preferences } from "./matched";

/**
 * Fleiss' kappa (1971): agreement beyond what raters with the same habits would reach by chance. 1 is full agreement,
 * 0 chance. Null where all raters always say the same one thing, for then chance explains everything.
 *
 * @param counts `counts[item][category]`: how many raters chose the category; every item has the same number, 2 or more
 * @throws RangeError for no item, or uneven or too few raters
 */
export function fleissKappa(counts: readonly (readonly number[])[]): number | null {
  const observed = observedAgreement(counts);
  const raters = sum(counts[0]!);
  const shares = counts[0]!.map((_, c) => mean(counts.map((row) => row[c]! / raters)));
  const chance = sum(shares.map((share) => share * share));
  return 1 - chance < 1e-12 ? null : (observed - chance) / (1 - chance);
}

/** Share of the pairs of raters that agree, averaged over the items. */
export function observedAgreement(counts: readonly (readonly number[])[]): number {
  const raters = counts[0] ? sum(counts[0]) : 0;
  if (raters < 2 || counts.some((row) => sum(row) !== raters))
    throw new RangeError("agreement needs items, and for each of them the same two raters or more");
  return mean(counts.map((row) => (sum(row.map((n) => n * n)) - raters) / (raters * (raters - 1))));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Verdicts of several raters on one pair as counts, in the order of `preferences`. */
export const countsOf = (verdicts: readonly Preference[]): number[] =>
  preferences.map((preference) => verdicts.filter((verdict) => verdict === preference).length);

/** What more than half of the raters say; a tie where nothing has such a majority. */
export function majority(verdicts: readonly Preference[]): Preference {
  return preferences.find((_, i) => countsOf(verdicts)[i]! > verdicts.length / 2) ?? "tie";
}
