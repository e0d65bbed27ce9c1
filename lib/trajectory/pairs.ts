/** Preferences between trajectories: JSON Lines of `{"chosen": …, "rejected": …}`, both in the kit's own format. */
import { InputError } from "../util/errors";
import { readJsonl, writeJsonl } from "../util/jsonl";
import type { Trajectory } from "./schema";
import { validateTrajectory } from "./validate";

/** Two trajectories of one instance, of which `chosen` is the better one. */
export interface Pair {
  chosen: Trajectory;
  rejected: Trajectory;
}

export const writePairs = (path: string, pairs: readonly Pair[]) => writeJsonl(path, pairs);

/** Throws InputError with the faults of all rows, each with file and line. */
export async function readPairs(path: string): Promise<Pair[]> {
  const pairs: Pair[] = [];
  const faults: string[] = [];
  for await (const { line, ...row } of readJsonl(path)) {
    const value = ("value" in row ? row.value : {}) as Partial<Pair>;
    try {
      if (row.reason !== undefined) throw new InputError(row.reason);
      if (!value?.chosen || !value.rejected) throw new InputError("not a pair of chosen and rejected");
      pairs.push({ chosen: validateTrajectory(value.chosen), rejected: validateTrajectory(value.rejected) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.faults.map((fault) => `${path}:${line}: ${fault}`));
    }
  }
  if (faults.length > 0) throw new InputError(faults);
  return pairs;
}
