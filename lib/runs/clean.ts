/** What of a store can go. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { StoredRun } from "./inventory";
import { isHeld, withLock } from "./lock";

export const cleanable = ["failed", "unfinished", "unused"] as const;
export type Cleanable = (typeof cleanable)[number];

export interface Candidate {
  run: StoredRun;
  why: Cleanable;
}

/**
 * The runs that failed, that were begun and not finished, and those done ones that none of `used` names. What somebody
 * holds is none of them.
 *
 * @param used names of runs that presets use; null where no preset was named, so that no run counts as unused
 */
export function candidates(
  stored: readonly StoredRun[],
  used: ReadonlySet<string> | null,
  kinds: readonly Cleanable[] = cleanable,
): Candidate[] {
  return stored.flatMap((run): Candidate[] => {
    if (run.status === "running") return [];
    const why = run.status === "done" ? (used && !used.has(run.id) ? "unused" : null) : run.status;
    return why && kinds.includes(why) ? [{ run, why }] : [];
  });
}

/** Deletes a run's folder, unless somebody began to work on it in the meantime. Gives whether it is gone. */
export async function remove({ folder }: StoredRun): Promise<boolean> {
  const lock = join(folder, "lock");
  if (isHeld(lock)) return false;
  // Whoever wants the run now waits, and then finds nothing there.
  await withLock(lock, async () => rmSync(folder, { recursive: true, force: true }));
  return true;
}
