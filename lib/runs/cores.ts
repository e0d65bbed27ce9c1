/** Cores that runs share, whichever notebooks asked for them. */
import { mkdirSync } from "node:fs";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { withAnyLock } from "./lock";
import { runsFolder } from "./store";

/**
 * Does `work` while holding one of this machine's cores, waiting for one to be free. Two notebooks at once have twice as
 * many processes as there are cores, and what takes turns on a core loses what it had in its caches.
 */
export async function withCore<T>(work: () => Promise<T>): Promise<T> {
  const folder = join(runsFolder(), ".cores");
  mkdirSync(folder, { recursive: true });
  const cores = Array.from({ length: availableParallelism() }, (_, i) => join(folder, `${hostname()}-${i}`));
  return withAnyLock(cores, work);
}
