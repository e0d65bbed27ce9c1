import type { Cell } from "../report/cell";
import { toMarkdown } from "../report/tables/markdown";
import { columnsOf } from "../report/tables/table";
import { describeRun } from "../runs/describe";
import { differences } from "../runs/difference";
import { findId } from "../runs/find";
import { readStore } from "../runs/inventory";
import { pairedGain, resultsOf } from "../runs/results";
import { determining } from "../runs/spec";

/** What `agentbank runs compare` does. */
export async function compareRuns(first: string, second: string, { json }: { json: boolean }): Promise<void> {
  const stored = new Map(readStore().map((run) => [run.id, run]));
  const [a, b] = [first, second].map((name) => stored.get(findId(name, stored.keys()))!) as [Run, Run];
  const differing = differences(determining(a.spec), determining(b.spec));
  const results = { a: await resultsOf(a), b: await resultsOf(b) };
  const gain = a.spec.kind === "evaluate" && b.spec.kind === "evaluate" ? await pairedGain(a, b) : null;
  if (json)
    return console.log(JSON.stringify({ a: a.id, b: b.id, differences: differing, results, gain }, null, 2));

  for (const [name, run] of Object.entries({ a, b }))
    console.log(`${name}: ${run.id}  ${describeRun(run.spec)}`);
  console.log("");
  if (differing.length === 0) console.log("the same spec");
  else console.log(table(differing.map(({ path, ...values }) => ({ field: path, ...values }))));
  const names = [...new Set([...Object.keys(results.a), ...Object.keys(results.b)])];
  const rows = names.map((name) => ({
    result: name,
    a: results.a[name] ?? null,
    b: results.b[name] ?? null,
  }));
  if (rows.length > 0) console.log(table(rows));
  for (const { id, status } of [a, b])
    if (status !== "done") console.log(`${id} is ${status}: it has no result`);
  if (gain) {
    const { mean, low, high } = gain;
    const [change, from, to] = [mean, low, high].map((x) => x.toFixed(1));
    console.log(`b − a, paired by instance: ${change} points [${from}, ${to}], 95 % bootstrap interval`);
  } else if (a.spec.kind === "evaluate" && b.spec.kind === "evaluate")
    console.log("they did not play the same instances: no paired difference");
}

type Run = ReturnType<typeof readStore>[number];

const table = (rows: Record<string, Cell>[]): string => toMarkdown({ columns: columnsOf(rows), rows });
