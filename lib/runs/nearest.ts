/** Why a run would be computed: what the store has that is nearest to it, and in which fields it differs. */
import { type Difference, differences, differing, leaves } from "./difference";
import type { StoredRun } from "./inventory";
import { determining, type RunSpec } from "./spec";

export interface Nearest {
  run: StoredRun;
  /** From the stored run to the one asked for. None: the same spec, by another version of the kit. */
  differences: Difference[];
}

/** A difference in what the run is about makes two runs strangers sooner than one in a setting does. */
const WEIGHTS: readonly [RegExp, number][] = [
  [/(^|\.)(task|split|kind|name)$/, 20],
  [/(^|\.)seed$/, 3],
];
const weight = (path: string): number => WEIGHTS.find(([pattern]) => pattern.test(path))?.[1] ?? 1;

/** Finds nearest runs among those of a store that are done; what is prepared once serves every question. */
export function nearestOf(stored: readonly StoredRun[]): (spec: RunSpec) => Nearest | null {
  const candidates = stored
    .filter(({ status }) => status === "done")
    .map((run) => ({ run, leaves: leaves(determining(run.spec)) }));
  return (spec) => {
    const determines = determining(spec);
    const own = leaves(determines);
    let best: { run: StoredRun; distance: number } | null = null;
    for (const { run, leaves: theirs } of candidates) {
      if (run.spec.kind !== spec.kind) continue;
      const distance = differing(theirs, own).reduce((sum, { path }) => sum + weight(path), 0);
      if (!best || distance < best.distance) best = { run, distance };
    }
    return best && { run: best.run, differences: differences(determining(best.run.spec), determines) };
  };
}
