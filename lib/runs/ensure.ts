/** Computes what is not there yet: the runs asked for and all that they depend on, several at a time. */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { extname, join } from "node:path";
import { InputError } from "../util/errors";
import { basesOf, dependencies, type RunSpec, runId } from "./spec";
import { isDone } from "./store";
import type { WorkerReply } from "./worker";

export interface EnsureOptions {
  /** Processes at once. Default: the machine's cores, each run on one thread. */
  workers?: number;
  /** Called whenever something changed. */
  onProgress?: (status: EnsureStatus) => void;
}

export interface EnsureStatus {
  /** Runs that this call has to compute, and how many of them are done. */
  total: number;
  done: number;
  /** What each busy worker is at: `train-1a2b… step 40/300`. */
  active: readonly string[];
  seconds: number;
  /** Seconds to go, from the mean of what is done; null before the first run is. */
  eta: number | null;
}

/**
 * Returns once every run is done. A failed run leaves the others to finish; then its error is thrown, with the names
 * of the runs that could not begin for it.
 *
 * @throws InputError, before anything is computed, where a base model that is needed is not here
 */
export async function ensure(specs: readonly RunSpec[], options: EnsureOptions = {}): Promise<void> {
  const todo = missing(specs);
  if (todo.size === 0) return;
  requireBases([...todo.values()]);
  const total = todo.size;
  const start = Date.now();
  const active = new Map<string, string>();
  const failures = new Map<string, string[]>();
  let done = 0;

  const report = () => {
    const seconds = (Date.now() - start) / 1000;
    const eta = done === 0 ? null : (seconds / done) * (total - done);
    options.onProgress?.({ total, done, active: [...active].map((pair) => pair.join(" ")), seconds, eta });
  };
  const next = (): RunSpec | undefined => {
    for (const [id, spec] of todo)
      if (dependencies(spec).every(isDone)) {
        todo.delete(id);
        return spec;
      }
  };

  // A lane is idle while what it could do waits for a run of another lane.
  const lane = async () => {
    let worker: ChildProcess | undefined;
    try {
      while (todo.size > 0) {
        const spec = next();
        if (!spec) {
          if (active.size === 0) return;
          await new Promise((resolve) => setTimeout(resolve, 50));
          continue;
        }
        const id = runId(spec);
        worker = worker?.connected ? worker : startWorker();
        active.set(id, "");
        report();
        const fault = await send(worker, spec, (note) => {
          active.set(id, note);
          report();
        });
        active.delete(id);
        if (fault) failures.set(fault, [...(failures.get(fault) ?? []), id]);
        else done++;
        report();
      }
    } finally {
      worker?.kill();
    }
  };
  const lanes = Math.min(options.workers ?? availableParallelism(), total);
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.size > 0) {
    // One fault often fails many runs: it is told once, with all of them.
    const told = [...failures].map(([fault, ids]) => `${fault} (${ids.join(", ")}: see error.txt there)`);
    const blocked =
      todo.size > 0 ? `\n${todo.size} runs not begun for it: ${[...todo.keys()].join(", ")}` : "";
    throw new Error(told.join("\n") + blocked);
  }
}

/** Every run that has to be computed, dependencies before dependants, each once. */
export function missing(specs: readonly RunSpec[]): Map<string, RunSpec> {
  const found = new Map<string, RunSpec>();
  const visit = (spec: RunSpec) => {
    const id = runId(spec);
    if (found.has(id) || isDone(spec)) return;
    for (const dependency of dependencies(spec)) visit(dependency);
    found.set(id, spec);
  };
  for (const spec of specs) visit(spec);
  return found;
}

/** Throws InputError with every base model that a run needs and that is not here. */
function requireBases(specs: readonly RunSpec[]): void {
  const absent = specs.flatMap(basesOf).filter(({ sha256 }) => sha256 === null);
  const faults = new Set(
    absent.map(
      ({ name, folder }) =>
        `base model "${name}": no weights in ${folder}; put its folder there (config.json, tokenizer.json, *.safetensors), or see: agentbank model list`,
    ),
  );
  if (faults.size > 0) throw new InputError([...faults]);
}

function startWorker(): ChildProcess {
  // From source while developing, compiled otherwise: the worker runs as its parent does.
  const execArgv = extname(__filename) === ".ts" ? ["--require", "ts-node/register/transpile-only"] : [];
  const threads = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: "1" };
  return fork(join(__dirname, `worker${extname(__filename)}`), [], {
    execArgv,
    env: { ...process.env, ...threads },
  });
}

/** Resolves to null, or to what went wrong. A worker that dies is a failure of its run alone. */
function send(worker: ChildProcess, spec: RunSpec, onNote: (note: string) => void): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (fault: string | null) => {
      worker.off("message", onMessage).off("exit", onExit);
      resolve(fault);
    };
    const onExit = (code: number | null, signal: string | null) =>
      settle(`its process ended early (${signal ?? `exit code ${code}`})`);
    const onMessage = (reply: WorkerReply) => {
      if (reply.kind === "progress") onNote(reply.note);
      else settle(reply.kind === "done" ? null : reply.message);
    };
    worker.on("message", onMessage).on("exit", onExit);
    worker.send(spec);
  });
}
