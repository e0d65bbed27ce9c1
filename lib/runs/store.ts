/** Where runs live: data/runs/KIND-HASH/, written as they go and marked done last. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, writeAtomic } from "../util/files";
import { withLock } from "./lock";
import { type RunSpec, runId } from "./spec";
import { versions } from "./versions";

/** Where runs are kept: data/runs, or AGENTBANK_RUNS. */
export const runsFolder = () => process.env.AGENTBANK_RUNS ?? join(ROOT, "data", "runs");

/** The run's folder, whether it is there or not. */
export function runFolder(spec: RunSpec): string {
  return join(runsFolder(), runId(spec));
}

export function isDone(spec: RunSpec): boolean {
  return existsSync(join(runFolder(spec), "done.json"));
}

/** True where a run was begun, by whichever process. */
export const isBegun = (spec: RunSpec): boolean => existsSync(join(runFolder(spec), "spec.json"));

/** Makes the run's folder and writes down what is to be computed there; the error of an earlier try goes. */
export function beginRun(spec: RunSpec): string {
  const folder = runFolder(spec);
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, "error.txt"), { force: true });
  writeAtomic(join(folder, "spec.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return folder;
}

/** How long a run took: beside the result, not in it, so that equal runs leave equal results. */
export interface Timing {
  version: 1;
  /** Wall time of the process that ended it; a run in a pool has one thread. */
  seconds: number;
  /** True where an earlier process had done part of it. */
  resumed: boolean;
}

/** Marks the run as complete: from now on it is read, not computed. */
export function finishRun(spec: RunSpec, timing: Omit<Timing, "version">): void {
  writeAtomic(join(runFolder(spec), "timing.json"), `${JSON.stringify({ version: 1, ...timing })}\n`);
  const done = { version: 1, run: runId(spec), status: "done", versions: versions() };
  writeAtomic(join(runFolder(spec), "done.json"), `${JSON.stringify(done, null, 2)}\n`);
}

/** Holds the run against other processes: two notebooks that want the same run wait for each other. */
export async function holdRun<T>(spec: RunSpec, work: () => Promise<T>): Promise<T> {
  const folder = runFolder(spec);
  let held = false;
  for (;;) {
    mkdirSync(folder, { recursive: true });
    try {
      return await withLock(join(folder, "lock"), () => {
        held = true;
        return work();
      });
    } catch (error) {
      // While we waited whoever held it deleted the folder: it is made anew.
      if (held || existsSync(folder)) throw error;
    }
  }
}
