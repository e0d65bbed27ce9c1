import { experiments } from "../experiments/index";
import { loadPreset, type Preset } from "../experiments/preset";
import { getExperiment, usesOf } from "../experiments/uses";
import { describeRun } from "../runs/describe";
import { leaves } from "../runs/difference";
import { type Explained, explainRuns, groupByReason } from "../runs/explain";
import { findId } from "../runs/find";
import { readStore, type StoredRun } from "../runs/inventory";
import { determining, type RunSpec, runId, runKinds } from "../runs/spec";
import { printTree } from "../runs/tree";
import type { ExplainOptions } from "./runs";

/** What `agentbank runs explain` does. */
export function explain(what: string, options: ExplainOptions): void {
  const preset = loadPreset(options.preset);
  if (experiments.some(({ name }) => name === what)) explainExperiment(what, preset, options.json);
  else explainRun(what, preset, options.json);
}

function explainExperiment(name: string, preset: Preset, json: boolean): void {
  const runs = explainRuns(getExperiment(name).runs(preset), readStore());
  if (json) {
    console.log(JSON.stringify(runs, null, 2));
    return;
  }
  const of = (fate: Explained["fate"]) => runs.filter((run) => run.fate === fate);
  const [compute, read, spared] = [of("compute"), of("read"), of("not needed")];
  console.log(
    `${name} at preset ${preset.name}: ${compute.length} runs to compute, ${read.length} to read` +
      (spared.length > 0 ? `, ${spared.length} not needed, for what depends on them is there` : ""),
  );
  for (const { kind, reasons, runs: group } of groupByReason(runs)) {
    console.log(`\nto compute: ${group.length} ${kind}, for ${reasons.join("; ")}`);
    for (const run of group) console.log(line(run));
  }
  if (read.length > 0) console.log("\nto read:");
  for (const run of read) console.log(line(run));
}

const line = ({ id, spec, nearest }: Explained) =>
  `  ${id}  ${describeRun(spec)}${nearest === null ? "" : `  (nearest: ${nearest})`}`;

function explainRun(name: string, preset: Preset, json: boolean): void {
  const stored = readStore();
  const uses = usesOf(preset);
  const there = new Map(stored.map((run) => [run.id, run]));
  const id = findId(name, new Set([...there.keys(), ...uses.keys()]));
  const spec = (uses.get(id)?.spec ?? there.get(id)?.spec)!;
  const run = there.get(id);
  const own = explainRuns([spec], stored).find((e) => e.id === runId(spec))!;
  const used = uses.get(id)?.experiments ?? [];
  if (json) {
    const told = { ...own, status: run?.status ?? "missing", experiments: used };
    console.log(JSON.stringify(told, null, 2));
    return;
  }
  console.log(`${id}: ${describeRun(spec)}`);
  console.log(`status: ${statusOf(run)}`);
  if (run?.error) console.log(`error: ${run.error} (${run.folder}/error.txt)`);
  if (run?.versions)
    console.log(`computed by: kit ${run.versions.kit}, commit ${run.versions.commit ?? "unknown"}`);
  console.log(`used by, at preset ${preset.name}: ${used.join(", ") || "no experiment"}`);
  if (own.fate === "compute") {
    console.log(`would be computed, for ${own.reasons.join("; ")}`);
    if (own.nearest) console.log(`nearest: ${own.nearest}`);
  }
  console.log("\nwhat it depends on:");
  console.log(printTree(spec, (needed) => statusOf(there.get(runId(needed)))));
  console.log("\nwhat determines it:");
  console.log(determinants(spec));
}

const statusOf = (run: StoredRun | undefined): string =>
  run === undefined
    ? "missing"
    : run.current || run.status !== "done"
      ? run.status
      : "done by another version";

/** The fields of a spec; a run in it stands with its name, for the tree tells of it. */
function determinants(spec: RunSpec): string {
  const own = Object.entries(determining(spec) as object).map(([key, part]) => [key, named(part)]);
  const fields = [...leaves(Object.fromEntries(own))];
  const width = Math.max(...fields.map(([path]) => path.length));
  return fields.map(([path, value]) => `  ${path.padEnd(width)}  ${value}`).join("\n");
}

function named(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== "object" || value === null) return value;
  if (isRun(value)) return runId(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, named(part)]));
}

const isRun = (value: object): value is RunSpec => runKinds.includes((value as RunSpec).kind);
