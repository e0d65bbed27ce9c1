import { join } from "node:path";
import { saveFigure } from "../report/save";
import { readBankHash } from "../runs/read";
import { dependencies, type RunSpec, runId } from "../runs/spec";
import { ROOT } from "../util/files";
import { hashOf } from "../util/hash";
import { writeVerdicts } from "./claims";
import type { Drawn, Experiment } from "./experiment";
import { experiments } from "./index";
import type { Preset } from "./preset";
import type { Verdict } from "./verdict";

/**
 * Writes an experiment's figures and its verdicts to figures/PRESET/ and gives the figures back, to show. The index
 * page and the table of claims are made of what this leaves.
 */
export async function publish<M extends { verdicts: readonly Verdict[] }>(
  experiment: Experiment<M>,
  preset: Preset,
  measured: M,
): Promise<Drawn[]> {
  const folder = join(ROOT, "figures", preset.name);
  const figures = experiment.draw(measured, preset);
  const runs = experiment.runs(preset);
  const data = bankHash(runs);
  const order = experiments.findIndex((e) => e.name === experiment.name);
  for (const { draw, ...figure } of figures)
    await saveFigure({
      ...figure,
      folder,
      figure: draw,
      claim: experiment.claim,
      published: experiment.published,
      experiment: `${experiment.reproduces}: ${experiment.title}`,
      order,
      preset: preset.name,
      simulated: preset.teacher.kind === "simulated",
      runs: runs.map(runId),
      config: hashOf(preset),
      data,
      notebook: `notebooks/${experiment.name}.ipynb`,
    });
  writeVerdicts(folder, experiment.name, measured.verdicts);
  return figures;
}

/** One hash for all trajectories that the runs stand on; null where they stand on none. */
function bankHash(runs: readonly RunSpec[]): string | null {
  const banks = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (spec: RunSpec) => {
    const id = runId(spec);
    if (seen.has(id)) return;
    seen.add(id);
    if (spec.kind === "annotate") banks.set(id, readBankHash(spec));
    dependencies(spec).forEach(visit);
  };
  runs.forEach(visit);
  return banks.size > 0 ? hashOf([...banks].sort()) : null;
}
