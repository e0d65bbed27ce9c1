/** What reproducing a preset would start, run by run, and what that would take. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LlamaConfig } from "../model/config";
import { closure } from "../runs/closure";
import { describeRun } from "../runs/describe";
import { missing } from "../runs/ensure";
import { type Forecast, forecastRun } from "../runs/forecast/forecast";
import { ratesOf } from "../runs/forecast/measured";
import { readStore } from "../runs/inventory";
import type { BaseSpec, RunSpec } from "../runs/spec";
import { modelConfig } from "../training/known-models";
import { ROOT } from "../util/files";
import { experiments } from "./index";
import type { Preset } from "./preset";
import { getExperiment } from "./uses";

export interface PlannedRun extends Forecast {
  id: string;
  kind: RunSpec["kind"];
  what: string;
}

export interface PlannedExperiment {
  experiment: string;
  /** Runs that no experiment before it starts. */
  start: PlannedRun[];
  /** Runs that an experiment before it starts, and those that are there or not needed. */
  shared: number;
  there: number;
}

/** Sums of what is known; null where nothing is. */
export interface Total {
  runs: number;
  gpuHours: number | null;
  coreHours: number | null;
  calls: number | null;
  promptTokens: number | null;
  completionTokens: number | null;
  /** US dollars. */
  cost: number | null;
  /** Runs of which neither GPU hours, core-hours nor an API's use is known. */
  unknown: number;
}

export interface DryRun {
  preset: string;
  experiments: PlannedExperiment[];
  /** By kind of run, in the order of their first. */
  kinds: Record<string, Total>;
  total: Total;
}

/**
 * Nothing is computed, no weights are read but those that are here, and no key is asked for.
 *
 * @param only these experiments. Default: all
 */
export function dryRun(preset: Preset, only: readonly string[] = experiments.map((e) => e.name)): DryRun {
  // The same objects throughout, whose names are then hashed once.
  const asked = only.map((experiment) => ({ experiment, specs: getExperiment(experiment).runs(preset) }));
  const todo = missing(asked.flatMap(({ specs }) => specs));
  const grounds = {
    assumptions: preset.estimate ?? null,
    rates: ratesOf(readStore()),
    configOf: sizes(preset),
  };
  const planned = new Map<string, PlannedRun>();
  const plans = asked.map(({ experiment, specs }): PlannedExperiment => {
    const own = [...closure(specs)];
    const start: PlannedRun[] = [];
    let shared = 0;
    for (const [id, spec] of own) {
      if (!todo.has(id)) continue;
      if (planned.has(id)) shared++;
      else {
        const run = { id, kind: spec.kind, what: describeRun(spec), ...forecastRun(spec, grounds) };
        planned.set(id, run);
        start.push(run);
      }
    }
    return { experiment, start, shared, there: own.length - start.length - shared };
  });
  const runs = [...planned.values()];
  const kinds = [...new Set(runs.map(({ kind }) => kind))];
  return {
    preset: preset.name,
    experiments: plans,
    kinds: Object.fromEntries(kinds.map((kind) => [kind, totalOf(runs.filter((run) => run.kind === kind))])),
    total: totalOf(runs),
  };
}

/** Sizes of a base from its folder, or while that is not here from the model that the preset says it is like. */
function sizes(preset: Preset): (base: BaseSpec) => LlamaConfig | null {
  return ({ name, folder }) => {
    const own = resolve(ROOT, folder);
    if (existsSync(join(own, "config.json"))) return modelConfig(own);
    const like = preset.bases.find((base) => base.name === name)?.like;
    return like === undefined ? null : modelConfig(like);
  };
}

export function totalOf(runs: readonly Forecast[]): Total {
  const sum = (of: (run: Forecast) => number | null | undefined) => {
    const known = runs.map(of).filter((n) => n !== null && n !== undefined);
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
  };
  return {
    runs: runs.length,
    gpuHours: sum((run) => run.gpuHours),
    coreHours: sum((run) => run.coreHours),
    calls: sum((run) => run.api?.calls),
    promptTokens: sum((run) => run.api?.promptTokens),
    completionTokens: sum((run) => run.api?.completionTokens),
    cost: sum((run) => run.cost),
    unknown: runs.filter((run) => run.gpuHours === null && run.coreHours === null && !run.api).length,
  };
}
