import { loadPreset } from "../experiments/preset";
import { type Use, usesOf } from "../experiments/uses";
import { toMarkdown } from "../report/tables/markdown";
import { columnsOf } from "../report/tables/table";
import { describeRun } from "../runs/describe";
import { readStore, type StoredRun } from "../runs/inventory";
import { runKinds } from "../runs/spec";
import { unknown } from "../util/errors";
import type { ListOptions } from "./runs";

/** What `agentbank runs list` does. */
export function listRuns({ preset, kind, json }: ListOptions): void {
  if (kind !== undefined && !runKinds.some((k) => k === kind)) throw unknown("kind of run", kind, runKinds);
  const uses = preset === undefined ? null : usesOf(loadPreset(preset));
  const stored = new Map(readStore().map((run) => [run.id, run]));
  const ids = uses ? [...uses.keys()] : [...stored.keys()];
  const rows = ids
    .map((id) => row(id, stored.get(id), uses?.get(id)))
    .filter((r) => kind === undefined || r.spec.kind === kind);
  if (json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const shown = rows.map(({ spec: _, versions, bytes, ...rest }) => ({
    ...rest,
    MB: bytes === null ? null : bytes / 1e6,
    kit: versions && [versions.kit, versions.commit?.slice(0, 7)].filter(Boolean).join(" "),
    experiments: rest.experiments?.join(", ") ?? null,
  }));
  // A column that says nothing of any run is left out.
  const columns = columnsOf(shown).filter(({ key }) => shown.some((r) => r[key as keyof typeof r] !== null));
  if (shown.length > 0) console.log(toMarkdown({ columns, rows: shown }));
  console.log(total(rows));
}

/** Of a run that a preset would compute there is no more than its spec. */
function row(id: string, run: StoredRun | undefined, use: Use | undefined) {
  const spec = (run?.spec ?? use?.spec)!;
  return {
    run: id,
    what: describeRun(spec),
    status: run ? (run.current || run.status !== "done" ? run.status : "of another version") : "to compute",
    error: run?.error ?? null,
    bytes: run?.bytes ?? null,
    seconds: run?.timing?.seconds ?? null,
    versions: run?.versions ?? null,
    experiments: use?.experiments ?? null,
    spec,
  };
}

function total(rows: readonly { status: string; bytes: number | null }[]): string {
  const counts = new Map<string, number>();
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  const said = [...counts].map(([status, count]) => `${count} ${status}`);
  const megabytes = rows.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) / 1e6;
  return `${rows.length} runs${said.length > 0 ? `: ${said.join(", ")}` : ""}; ${megabytes.toFixed(1)} MB`;
}
