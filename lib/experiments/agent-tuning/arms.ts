/** What AgentTuning's experiment trains: one model before tuning, one for each η, and one for each filter. */
import { UNFILTERED } from "../../annotate/plan";
import type { TrainSpec, TrajectorySlice } from "../../runs/spec";
import type { Preset } from "../preset";
import { annotation, slice, startingPoint, trainCount, tuned } from "../recipes";
import type { Seeds } from "../scores";

/** Rewards are sums of fractions: what misses a threshold by rounding alone reaches it. */
const ROUNDING = 1e-9;

/** The annotation that keeps explored trajectories of this reward and more; 0 keeps them all. */
export function filtered(preset: Preset, task: string, reward: number) {
  const rewardAbove = reward === 0 ? UNFILTERED : reward - ROUNDING;
  return annotation(preset, task, trainCount(preset, task), { strategies: ["explore"], rewardAbove });
}

/** As many trajectories of every task, whatever the reward that they must reach. */
export function agentData(preset: Preset, reward: number): TrajectorySlice[] {
  const { trajectories } = preset.experiments.agentTuning;
  return preset.data.tasks.map((task) => slice(filtered(preset, task, reward), 0, trajectories));
}

/** The model that every training starts from. */
export const before = (preset: Preset): Seeds => [startingPoint(preset, preset.experiments.agentTuning.base)];

/** The model of every seed for one share of agent data and one filter. */
function models(preset: Preset, eta: number, reward: number): TrainSpec[] {
  const { seeds, budget, base } = preset.experiments.agentTuning;
  const mixture = { agent: eta, general: 1 - eta, code: 0 };
  const from = startingPoint(preset, base);
  return seeds.map((seed) =>
    tuned(preset, { agent: agentData(preset, reward), mixture, base: from, seed, budget }),
  );
}

/** Filtered by full reward, as AgentTuning does. */
export const ofEta = (preset: Preset, eta: number): Seeds => models(preset, eta, 1);

export const ofFilter = (preset: Preset, reward: number): Seeds =>
  models(preset, preset.experiments.agentTuning.filterEta, reward);

/** In ascending order. */
export const etas = (preset: Preset): number[] =>
  preset.experiments.agentTuning.etas.toSorted((a, b) => a - b);
export const rewards = (preset: Preset): number[] =>
  preset.experiments.agentTuning.rewards.toSorted((a, b) => a - b);
