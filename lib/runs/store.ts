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

/** Makes the run's folder and writes down what is to be computed there; the error of an earlier try goes. */
export function beginRun(spec: RunSpec): string {
  const folder = runFolder(spec);
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, "error.txt"), { force: true });
  writeAtomic(join(folder, "spec.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return folder;
}

/** Marks the run as complete: from now on it is read, not computed. */
export function finishRun(spec: RunSpec): void {
  const done = { version: 1, run: runId(spec), status: "done", versions: versions() };
  writeAtomic(join(runFolder(spec), "done.json"), `${JSON.stringify(done, null, 2)}\n`);
}

/** Holds the run against other processes: two notebooks that want the same run wait for each other. */
export function holdRun<T>(spec: RunSpec, work: () => Promise<T>): Promise<T> {
  mkdirSync(runFolder(spec), { recursive: true });
  return withLock(join(runFolder(spec), "lock"), work);
}
