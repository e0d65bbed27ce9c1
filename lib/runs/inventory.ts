/** What the store holds, whatever state it is in. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isHeld } from "./lock";
import { type RunSpec, runId } from "./spec";
import { runsFolder, type Timing } from "./store";
import type { Versions } from "./versions";

export const statuses = ["done", "running", "failed", "unfinished"] as const;
export type Status = (typeof statuses)[number];

export interface StoredRun {
  /** Name of its folder. */
  id: string;
  folder: string;
  spec: RunSpec;
  status: Status;
  /** Of all its files. */
  bytes: number;
  /** What computed it; null before it is done. */
  versions: Versions | null;
  /** Null before it is done, and for runs of before timings were kept. */
  timing: Timing | null;
  /** What went wrong, in a line; null where nothing did. */
  error: string | null;
  /** False where the kit would give the same spec another name now: its code results in something else. */
  current: boolean;
}

/** Every run of the store in the order of their names. Folders without a spec are no runs. */
export function readStore(store = runsFolder()): StoredRun[] {
  if (!existsSync(store)) return [];
  const folders = readdirSync(store, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => readStored(join(store, name)))
    .filter((run): run is StoredRun => run !== null)
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** One run by its folder; null where that holds no spec. */
export function readStored(folder: string): StoredRun | null {
  const spec = readJson<RunSpec>(join(folder, "spec.json"));
  if (!spec) return null;
  const id = basename(folder);
  const done = readJson<{ versions: Versions }>(join(folder, "done.json"));
  const error = firstLine(join(folder, "error.txt"));
  const running = isHeld(join(folder, "lock"));
  return {
    id,
    folder,
    spec,
    status: done ? "done" : running ? "running" : error !== null ? "failed" : "unfinished",
    bytes: bytesOf(folder),
    versions: done?.versions ?? null,
    timing: readJson<Timing>(join(folder, "timing.json")),
    error,
    current: runId(spec) === id,
  };
}

/** The content of a JSON file; null where there is none, or it was cut short by a kill. */
export function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return null;
  }
}

function firstLine(path: string): string | null {
  return existsSync(path) ? (readFileSync(path, "utf8").split("\n")[0] ?? "") : null;
}

function bytesOf(folder: string): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    try {
      sum += statSync(join(entry.parentPath, entry.name)).size;
    } catch {
      // A running one's temporary file, gone since.
    }
  }
  return sum;
}
