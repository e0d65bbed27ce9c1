/** Where runs live: data/runs/KIND-HASH/, written as they go and marked done last. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, writeAtomic } from "../util/files";
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

/** Makes the run's folder and writes down what is to be computed there. */
export function beginRun(spec: RunSpec): string {
  const folder = runFolder(spec);
  mkdirSync(folder, { recursive: true });
  writeAtomic(join(folder, "spec.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return folder;
}

/** Marks the run as complete: from now on it is read, not computed. */
export function finishRun(spec: RunSpec): void {
  const done = { version: 1, run: runId(spec), status: "done", versions: versions() };
  writeAtomic(join(runFolder(spec), "done.json"), `${JSON.stringify(done, null, 2)}\n`);
}

/**
 * Holds the run against other processes while `work` runs: two notebooks that want the same run wait for each other.
 * The lock of a process that is no longer there is taken over.
 */
export async function withLock<T>(spec: RunSpec, work: () => Promise<T>): Promise<T> {
  const path = join(runFolder(spec), "lock");
  mkdirSync(runFolder(spec), { recursive: true });
  while (!tryLock(path)) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const owner = existsSync(path) ? Number(readFileSync(path, "utf8")) : Number.NaN;
    if (owner > 0 && isAlive(owner)) return false;
    rmSync(path, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
