/** What the thoughts are compared by: three ways to train, each a model for every seed. */
import type { AnnotateSpec, EvaluateSpec, ModelSpec, TrajectorySlice } from "../../runs/spec";
import type { Preset } from "../preset";
import { annotation, evaluation, slice, trainCount, tuned } from "../recipes";
import type { Seeds } from "../scores";

/**
 * `together`: the teacher plays, and writes thought and action at once. `apart`: gold actions, and then the thoughts
 * behind them. `alone`: the trajectories of `apart` without their thoughts.
 */
export const arms = ["together", "apart", "alone"] as const;
export type Arm = (typeof arms)[number];

/** In words. */
export const armTitle: Record<Arm, string> = {
  together: "thought and action at once",
  apart: "actions, then thoughts",
  alone: "actions alone",
};

/** All instances of a task, annotated one way. */
export function annotated(preset: Preset, task: string, arm: Arm): AnnotateSpec {
  const strategy = arm === "together" ? "explore" : "reformat";
  return annotation(preset, task, trainCount(preset, task), { strategies: [strategy] });
}

/** As many trajectories of every task in every arm. */
export function trainedOn(preset: Preset, arm: Arm): TrajectorySlice[] {
  const { trajectories } = preset.experiments.rationale;
  return preset.data.tasks.map((task) => ({
    ...slice(annotated(preset, task, arm), 0, trajectories),
    ...(arm === "alone" && { thoughts: false }),
  }));
}

/**
 * The model of every seed. Batches are counted in trajectories and the budget in steps: so, of one seed, every step of
 * `alone` has the decisions that the same step of `apart` has.
 */
export function ofArm(preset: Preset, arm: Arm): Seeds {
  const { seeds, rows, steps } = preset.experiments.rationale;
  const mixture = { agent: 1, general: 0, code: 0 };
  const agent = trainedOn(preset, arm);
  return seeds.map((seed) => tuned(preset, { agent, mixture, batch: { rows }, budget: { steps }, seed }));
}

/** A model is asked for what it was trained to give. */
export const playedBy = (arm: Arm) =>
  function played(preset: Preset, model: ModelSpec, task: string): EvaluateSpec {
    return { ...evaluation(preset, model, task), ...(arm === "alone" && { thoughts: false }) };
  };
