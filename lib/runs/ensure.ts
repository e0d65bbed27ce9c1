/** Computes what is not there yet: the runs asked for and all that they depend on, several at a time. */
import { InputError } from "../util/errors";
import { localPool } from "./local-pool";
import type { Pool } from "./pool";
import { basesOf, dependencies, type RunSpec, runId } from "./spec";
import { isDone } from "./store";

export interface EnsureOptions {
  /** Processes at once. Default: the pool's size; that of the machine's own is its cores, each run on one thread. */
  workers?: number;
  /** What carries the runs out; it is closed when they are over. Default: processes of this machine. */
  pool?: Pool;
  /** How often a run is tried again whose process died. Default 0. */
  retries?: number;
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
  const { retries = 0, workers, pool = localPool(workers) } = options;
  const todo = missing(specs);
  try {
    if (todo.size === 0) return;
    requireBases([...todo.values()]);
    await computeAll(todo, pool, Math.min(workers ?? pool.size, todo.size), retries, options.onProgress);
  } finally {
    await pool.close();
  }
}

/** Takes what it begins out of `todo`; what is left in it at the end could not begin. */
async function computeAll(
  todo: Map<string, RunSpec>,
  pool: Pool,
  lanes: number,
  retries: number,
  onProgress?: (status: EnsureStatus) => void,
): Promise<void> {
  const total = todo.size;
  const start = Date.now();
  const active = new Map<string, string>();
  const failures = new Map<string, string[]>();
  const deaths = new Map<string, number>();
  const waiting: (() => void)[] = [];
  let done = 0;

  const report = () => {
    const seconds = (Date.now() - start) / 1000;
    const eta = done === 0 ? null : (seconds / done) * (total - done);
    onProgress?.({ total, done, active: [...active].map((pair) => pair.join(" ")), seconds, eta });
  };
  const next = (): RunSpec | undefined => {
    for (const [id, spec] of todo)
      if (dependencies(spec).every(isDone) && pool.accepts(spec)) {
        todo.delete(id);
        return spec;
      }
  };

  // A lane is idle while what it could do waits for a run of another lane.
  const lane = async () => {
    while (todo.size > 0) {
      const spec = next();
      if (!spec) {
        if (active.size === 0) return;
        await new Promise<void>((wake) => waiting.push(wake));
        continue;
      }
      const id = runId(spec);
      active.set(id, "");
      report();
      const outcome = await pool.run(spec, (note) => {
        active.set(id, note);
        report();
      });
      active.delete(id);
      if (outcome.kind === "done") done++;
      else {
        const died = (deaths.get(id) ?? 0) + 1;
        deaths.set(id, died);
        // It goes on from what it left.
        if (outcome.kind === "died" && died <= retries) todo.set(id, spec);
        else failures.set(outcome.message, [...(failures.get(outcome.message) ?? []), id]);
      }
      report();
      for (const wake of waiting.splice(0)) wake();
    }
  };
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
