/** Which experiments of a preset a run is for. */
import { closure } from "../runs/closure";
import { type RunSpec, runId } from "../runs/spec";
import { unknown } from "../util/errors";
import { experiments } from "./index";
import type { Preset } from "./preset";

export interface Use {
  spec: RunSpec;
  /** Names of the experiments that read it, or a run that depends on it. */
  experiments: string[];
}

/** An experiment by the name of its notebook. Throws InputError with the known ones. */
export function getExperiment(name: string): (typeof experiments)[number] {
  const found = experiments.find((e) => e.name === name);
  if (!found)
    throw unknown(
      "experiment",
      name,
      experiments.map((e) => e.name),
    );
  return found;
}

/**
 * Every run of a preset's experiments by its name, dependencies before dependants.
 *
 * @param only these experiments. Default: all
 */
export function usesOf(
  preset: Preset,
  only: readonly string[] = experiments.map((e) => e.name),
): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const name of only)
    for (const [id, spec] of closure(getExperiment(name).runs(preset))) {
      const use = uses.get(id) ?? { spec, experiments: [] };
      use.experiments.push(name);
      uses.set(id, use);
    }
  return uses;
}

/** The specs that experiments ask for themselves: `ensure` sees to what they depend on. */
export const runsOf = (
  preset: Preset,
  only: readonly string[] = experiments.map((e) => e.name),
): RunSpec[] => [
  ...new Map(
    only.flatMap((name) => getExperiment(name).runs(preset)).map((spec) => [runId(spec), spec]),
  ).values(),
];
