import { loadPreset } from "../experiments/preset";
import { usesOf } from "../experiments/uses";
import { toMarkdown } from "../report/tables/markdown";
import { columnsOf } from "../report/tables/table";
import { type Cleanable, candidates, cleanable, remove } from "../runs/clean";
import { describeRun } from "../runs/describe";
import { readStore } from "../runs/inventory";
import { checkAll, InputError, unknown } from "../util/errors";
import type { CleanOptions } from "./runs";

/** What `agentbank runs clean` does. */
export async function cleanRuns({
  preset: presets,
  only = [...cleanable],
  yes,
  dryRun,
  json,
}: CleanOptions): Promise<void> {
  const used = new Set<string>();
  if (yes && dryRun) throw new InputError("--yes and --dry-run: one of the two");
  checkAll(
    ...only.map((kind) => () => {
      if (!cleanable.some((k) => k === kind)) throw unknown("reason to clean", kind, cleanable);
    }),
    () => {
      if (only.every((kind) => kind === "unused") && !presets)
        throw new InputError("no preset: name those whose runs stay with --preset");
    },
    ...(presets ?? []).map((name) => () => {
      for (const id of usesOf(loadPreset(name)).keys()) used.add(id);
    }),
  );
  const found = candidates(readStore(), presets ? used : null, only as Cleanable[]);
  const rows = found.map(({ run, why }) => ({
    run: run.id,
    why,
    MB: run.bytes / 1e6,
    what: describeRun(run.spec),
  }));
  const kept: string[] = [];
  if (yes) for (const { run } of found) if (!(await remove(run))) kept.push(run.id);
  if (json) return console.log(JSON.stringify({ runs: rows, deleted: yes, kept }, null, 2));
  if (rows.length > 0) console.log(toMarkdown({ columns: columnsOf(rows), rows }));
  const megabytes = rows.reduce((sum, { MB }) => sum + MB, 0).toFixed(1);
  if (yes) console.log(`${rows.length - kept.length} runs deleted of ${megabytes} MB listed`);
  else console.log(`${rows.length} runs of ${megabytes} MB would be deleted; --yes deletes them`);
  for (const id of kept) console.log(`${id} stays: somebody began to work on it`);
}
