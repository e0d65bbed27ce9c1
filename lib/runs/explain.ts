/** What asking for runs would compute, what it would read, and why. */
import { closure } from "./closure";
import { printDifference } from "./difference";
import { missing } from "./ensure";
import type { StoredRun } from "./inventory";
import { nearestOf } from "./nearest";
import { type RunSpec, runId } from "./spec";

export interface Explained {
  id: string;
  spec: RunSpec;
  /** `compute`, `read`, or neither: what depends on it is there already. */
  fate: "compute" | "read" | "not needed";
  /** Of a run to compute: how it differs from the nearest one that there is, a field an entry, or in words why not. */
  reasons: string[];
  /** The run that it was compared with; null where there is none of its kind. */
  nearest: string | null;
}

/** The runs and all that they depend on, dependencies first. `stored` is what the store holds. */
export function explainRuns(specs: readonly RunSpec[], stored: readonly StoredRun[]): Explained[] {
  const todo = missing(specs);
  const done = new Set(
    stored.filter(({ status, current }) => status === "done" && current).map(({ id }) => id),
  );
  const begun = new Map(stored.filter(({ status }) => status !== "done").map((run) => [run.id, run]));
  const nearest = nearestOf(stored);
  return [...closure(specs)].map(([id, spec]): Explained => {
    if (!todo.has(id))
      return { id, spec, fate: done.has(id) ? "read" : "not needed", reasons: [], nearest: null };
    const own = begun.get(id);
    if (own) return { id, spec, fate: "compute", reasons: [toldOf(own)], nearest: null };
    const found = nearest(spec);
    if (!found)
      return { id, spec, fate: "compute", reasons: [`no ${spec.kind} run is there yet`], nearest: null };
    const { differences, run } = found;
    const reasons =
      differences.length > 0
        ? differences.map(printDifference)
        : [`made by kit ${run.versions?.kit ?? "?"}, whose code resulted in something else`];
    return { id, spec, fate: "compute", reasons, nearest: run.id };
  });
}

/** Of a run that is there, but not whole. */
function toldOf({ status, error }: StoredRun): string {
  if (status === "failed") return `failed the last time: ${error}`;
  return status === "running" ? "being computed right now" : "begun, not finished: it goes on";
}

/** The runs to compute in groups of one kind and one reason, in the order of the first of each. */
export function groupByReason(
  explained: readonly Explained[],
): { kind: string; reasons: string[]; runs: Explained[] }[] {
  const groups = new Map<string, { kind: string; reasons: string[]; runs: Explained[] }>();
  for (const run of explained) {
    if (run.fate !== "compute") continue;
    const { kind } = run.spec;
    const key = JSON.stringify([kind, run.reasons]);
    const group = groups.get(key) ?? { kind, reasons: run.reasons, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The names of the runs that are asked for themselves. */
export const idsOf = (specs: readonly RunSpec[]): Set<string> => new Set(specs.map(runId));
