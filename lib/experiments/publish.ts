import { join } from "node:path";
import { saveFigure } from "../report/save";
import { toCsv } from "../report/tables/csv";
import { runId } from "../runs/spec";
import { ROOT, writeAtomic } from "../util/files";
import { type Drawn, type Experiment, type Verdict, verdictRows } from "./experiment";
import { experiments } from "./index";
import type { Preset } from "./preset";

/**
 * Writes an experiment's figures and the CSV of its verdicts to figures/PRESET/ and gives the figures back, to show.
 * The index page is made of what this leaves.
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
  if (measured.verdicts.length > 0)
    writeAtomic(join(folder, `${experiment.name}-verdicts.csv`), toCsv(verdictRows(measured.verdicts)));
  return figures;
}
