/** Runs steps in the real kernel, a fresh one a call, over ZeroMQ. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../lib/util/files";

export type Step =
  | { execute: string; interrupt?: number; history?: boolean }
  | { all: string[] }
  | { complete: string; at: number }
  | { inspect: string; at: number };

export interface Result {
  ms: number;
  // biome-ignore lint/suspicious/noExplicitAny: replies are JSON of whatever shape the kernel gives; tests look at it.
  reply: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  published: { type: string; content: any }[];
  /** Of a step `all`, what each cell gave. */
  cells: Result[];
}

const python = join(ROOT, ".venv", "bin", "python");
const kernel = join(ROOT, ".venv", "share", "jupyter", "kernels", "agentbank-ts", "kernel.json");
const compiled = join(ROOT, "dist", "kernel", "launch.js");

/** Why the kernel's tests cannot run, or false. */
export const unavailable = [python, kernel, compiled].every(existsSync) ? false : "not set up: npm run setup";

/** What each step gave, and the milliseconds until the kernel was ready. */
export function drive(steps: readonly Step[]): { ready: number; results: Result[] } {
  const done = spawnSync(python, [join(__dirname, "drive.py")], {
    input: JSON.stringify(steps),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0)
    throw new Error(`drive.py ended with ${done.status ?? done.signal}:\n${done.stderr}`);
  return JSON.parse(done.stdout);
}

/** The same for steps with names. */
export function driveNamed<Name extends string>(steps: Record<Name, Step>): Record<Name, Result> {
  const { results } = drive(Object.values<Step>(steps));
  const named = Object.keys(steps).map((name, i) => [name, results[i]!]);
  return Object.fromEntries(named) as Record<Name, Result>;
}

/** The text of a stream. */
export function printed(result: Result, name = "stdout"): string {
  return result.published
    .filter((m) => m.type === "stream" && m.content.name === name)
    .map((m) => m.content.text)
    .join("");
}

/** The value that a cell showed, as text. */
export function shown(result: Result): string | undefined {
  return result.published.find((m) => m.type === "execute_result")?.content.data["text/plain"];
}

/** The `error` message of a cell. */
export function fault(result: Result): { ename: string; evalue: string; traceback: string[] } | undefined {
  return result.published.find((m) => m.type === "error")?.content;
}
