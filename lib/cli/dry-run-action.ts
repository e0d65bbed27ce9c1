import { type DryRun, dryRun, type PlannedRun, type Total } from "../experiments/dry-run";
import { experiments, notebookOrder } from "../experiments/index";
import { loadPreset } from "../experiments/preset";
import { toMarkdown } from "../report/tables/markdown";
import { columnsOf } from "../report/tables/table";
import type { Assumptions } from "../runs/forecast/assumptions";

/** What `agentbank reproduce --dry-run` does. */
export function printDryRun(options: { preset: string; only?: string[]; json?: boolean }): void {
  const preset = loadPreset(options.preset);
  const names: readonly string[] = experiments.map((e) => e.name);
  // Notebooks that are no experiments ask for no runs of the store.
  const others = notebookOrder.filter((name) => !names.includes(name));
  const only = options.only?.filter((name) => !others.includes(name));
  const plan = dryRun(preset, only ?? names);
  const assumptions = preset.estimate ?? null;
  if (options.json) {
    console.log(JSON.stringify({ ...plan, assumptions }, null, 2));
    return;
  }
  for (const { experiment, start, shared, there } of plan.experiments) {
    const also = [shared > 0 ? `${shared} shared with those above` : "", there > 0 ? `${there} there` : ""];
    console.log([`${experiment}: ${start.length} runs to start`, ...also.filter(Boolean)].join(", "));
    for (const run of start) console.log(`  ${run.id}  ${run.what}${takes(run)}`);
  }
  console.log(`\n${totals(plan)}`);
  if (!options.only)
    console.log(`not in it: ${others.join(", ")}, which compute a little of their own each time`);
  console.log(assumptions ? told(assumptions) : UNTOLD);
}

const UNTOLD =
  "core-hours are those of like runs that this store timed; the preset states nothing else (estimate: in its file)";

const short = (n: number): string => {
  if (n >= 1e9) return `${(n / 1e9).toFixed(2)} B`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  return n >= 1e4 ? `${Math.round(n / 1e3)} k` : String(Math.round(n));
};
const orNone = (n: number | null): string => (n === null ? "–" : short(n));

function takes({ amounts, gpuHours, coreHours, api, cost, fault }: PlannedRun): string {
  const parts = [
    ...Object.entries(amounts).map(([name, n]) => `${short(n)} ${name}`),
    ...(gpuHours === null ? [] : [`${gpuHours.toFixed(2)} GPU-hours`]),
    ...(coreHours === null ? [] : [`${(coreHours * 3600).toFixed(1)} core-seconds`]),
    ...(api
      ? [`${short(api.calls)} calls, ${short(api.promptTokens)} + ${short(api.completionTokens)} tokens`]
      : []),
    ...(cost === null ? [] : [`$${cost.toFixed(2)}`]),
    ...(fault === null ? [] : [fault]),
  ];
  return parts.length > 0 ? `  (${parts.join("; ")})` : "";
}

function totals({ kinds, total }: DryRun): string {
  const row = (kind: string, t: Total) => ({
    kind,
    runs: t.runs,
    "GPU-hours": t.gpuHours,
    "core-hours": t.coreHours,
    "API calls": orNone(t.calls),
    "prompt tokens": orNone(t.promptTokens),
    "completion tokens": orNone(t.completionTokens),
    $: t.cost,
    "runs of unknown length": t.unknown,
  });
  const rows = [...Object.entries(kinds).map(([kind, t]) => row(kind, t)), row("all", total)];
  return toMarkdown({ columns: columnsOf(rows), rows });
}

function told({ hardware, mfu, decoding, price }: Assumptions): string {
  const { tokensPerSecond, parameters, source } = decoding;
  return [
    `assumed: ${hardware} at ${Math.round(100 * mfu)} % of its peak in training;`,
    `${tokensPerSecond} completion tokens a second on one GPU for ${(parameters / 1e9).toFixed(1)} B parameters, others in proportion (${source});`,
    ...(price
      ? [
          `$${price.prompt} and $${price.completion} for a million prompt and completion tokens (${price.source}, ${price.date});`,
        ]
      : []),
    "lengths of episodes and yields as the preset states them; nothing of this is measured",
  ].join("\n");
}
