import { join } from "node:path";
import { saveFigure } from "../report/save";
import { runId } from "../runs/spec";
import { ROOT } from "../util/files";
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
      runs: experiment.runs(preset).map(runId),
      notebook: `notebooks/${experiment.name}.ipynb`,
    });
  writeVerdicts(folder, experiment.name, measured.verdicts);
  return figures;
}
