/** The runs that experiments are made of, as a preset sizes them. Equal arguments give equal specs, and so one run. */
import { resolve } from "node:path";
import { rewardAbove } from "../annotate/plan";
import { weightsHash } from "../model/weights-hash";
import type {
  AnnotateSpec,
  BaseSpec,
  EvaluateSpec,
  InstructSource,
  ModelSpec,
  TrainSpec,
  TrajectorySlice,
} from "../runs/spec";
import type { InstanceSource } from "../tasks/instances";
import { getTask, tasks } from "../tasks/registry";
import type { Split } from "../tasks/task";
import type { TrainSettings } from "../training/train";
import type { Strategy } from "../trajectory/schema";
import { unknown } from "../util/errors";
import { ROOT } from "../util/files";
import { countOf } from "./counts";
import type { Preset } from "./preset";

/** Instances of a task: the preset's generated ones, or the official files where it names a folder. */
export function instancesOf(preset: Preset, task: string, split: Split, count: number): InstanceSource {
  const { seed, folder } = preset.data;
  return { task, split, count, seed, ...(folder !== undefined && { folder }) };
}

/** Training instances of a task that the preset annotates. */
export const trainCount = ({ data }: Preset, task: string): number =>
  countOf(data.train, task, "table-2", "data.train");

/** Test instances of a task that the preset plays. */
export const testCount = ({ data }: Preset, task: string): number =>
  countOf(data.test, task, "table-3", "data.test");

/** An annotation run of `count` training instances; by default with the paper's strategies and reward filter. */
export function annotation(
  preset: Preset,
  task: string,
  count = trainCount(preset, task),
  overrides: { strategies?: readonly Strategy[]; rewardAbove?: number } = {},
): AnnotateSpec {
  return {
    kind: "annotate",
    instances: instancesOf(preset, task, "train", count),
    strategies: overrides.strategies ?? getTask(task).annotation,
    rewardAbove: overrides.rewardAbove ?? rewardAbove(getTask(task)),
    attempts: preset.annotation.attempts,
    teacher: preset.teacher,
    teacherShots: preset.annotation.teacherShots,
    shots: preset.shots,
    seed: preset.data.seed,
  };
}

/** All trajectories of an annotation, or exactly `count` of them. */
export function slice(from: AnnotateSpec, start = 0, count: number | null = null): TrajectorySlice {
  return { from, start, count };
}

/** The whole bank: every task of the preset, with as many trajectories as the preset takes of it. */
export function bank(preset: Preset): TrajectorySlice[] {
  const { tasks, bank: most } = preset.data;
  return tasks.map((task) => ({
    ...slice(annotation(preset, task)),
    ...(most !== undefined && { most: countOf(most, task, "table-2", "data.bank") }),
  }));
}

/**
 * So many trajectories of each task, or all of its part of the bank, in the registry's order. Tasks that the preset's
 * bank does not hold are annotated for it: `annotated` instances of each.
 */
export function trajectoriesOf(
  preset: Preset,
  counts: Readonly<Record<string, number | "all">>,
  annotated?: number,
): TrajectorySlice[] {
  const whole = new Map(bank(preset).map((part) => [part.from.instances.task, part]));
  return tasks
    .filter(({ name }) => counts[name] !== undefined)
    .map(({ name }) => {
      const count = counts[name]!;
      const part = whole.get(name) ?? slice(annotation(preset, name, annotated));
      return count === "all" ? part : slice(part.from, 0, count);
    });
}

/** The preset with another number of test instances, where an experiment has one of its own. */
export const withTest = (preset: Preset, { test }: { test?: Preset["data"]["test"] }): Preset =>
  test === undefined ? preset : { ...preset, data: { ...preset.data, test } };

/** The preset's tasks that the paper evaluates after training on them. */
export function heldIn(preset: Preset): string[] {
  return preset.data.tasks.filter((task) => getTask(task).evaluation?.held === "in");
}

/** The tasks of one half of the paper's evaluation. */
export const half = (preset: Preset, held: "in" | "out"): string[] =>
  held === "in" ? heldIn(preset) : preset.data.heldOut;

/** A base model of the preset by name, whether its weights are here or not. Throws InputError where none is called so. */
export function base(preset: Preset, name = preset.bases[0]!.name): BaseSpec {
  const found = preset.bases.find((b) => b.name === name);
  if (!found)
    throw unknown(
      "base model",
      name,
      preset.bases.map((b) => b.name),
    );
  return { kind: "base", name, folder: found.folder, sha256: weightsHash(resolve(ROOT, found.folder)) };
}

/** Shares of the tokens that are trained on; a share without data is none. They are scaled to sum to 1. */
export interface Mixture {
  agent: number;
  general: number;
  code: number;
}

/** Fine-tunes a base on the mixture for the preset's budget. */
export function tuned(
  preset: Preset,
  options: {
    agent: readonly TrajectorySlice[];
    /** Default: the preset's. */
    mixture?: Mixture;
    /** Default: the preset's first base. */
    base?: ModelSpec;
    /** Default: the preset's. */
    budget?: TrainSettings["budget"];
    /** Default: the preset's. */
    batch?: TrainSettings["batch"];
    seed: number;
  },
): TrainSpec {
  const { mixture = preset.mixture, budget = preset.training.budget } = options;
  const { batch = preset.training.batch } = options;
  return {
    kind: "train",
    base: options.base ?? base(preset),
    agent: mixture.agent > 0 ? options.agent : [],
    general: mixture.general > 0 ? instruct(preset, "general") : null,
    code: mixture.code > 0 ? instruct(preset, "code") : null,
    settings: { ...preset.training, budget, batch, ratio: mixture, seed: options.seed },
    ...(preset.launch !== undefined && { launch: preset.launch }),
  };
}

/**
 * The preset's first base tuned on conversations alone, as Vicuna is on ShareGPT and CodeLlama on code: the preset's
 * own such base where it names one.
 */
export function instructed(preset: Preset, kind: "general" | "code"): BaseSpec | TrainSpec {
  const own = preset.instructed?.[kind];
  if (own !== undefined) return base(preset, own);
  const mixture = { agent: 0, general: 0, code: 0, [kind]: 1 };
  return tuned(preset, { agent: [], mixture, budget: preset.instructBudget, seed: preset.seeds[0]! });
}

/** Starting points that are made of a preset's first base. */
const derived: Record<string, (preset: Preset) => ModelSpec> = {
  generalist: (preset) => instructed(preset, "general"),
  code: (preset) => instructed(preset, "code"),
  scratch: (preset) => ({ kind: "scratch", like: base(preset), seed: preset.seeds[0]! }),
};

/**
 * What a training starts from, by name: a base of the preset, or one derived from its first: `generalist` and `code`
 * are tuned on such data alone, in the places of Vicuna and CodeLlama, and `scratch` has random weights, for a base
 * that has learnt nothing. Throws InputError where the name is unknown.
 */
export function startingPoint(preset: Preset, name: string): ModelSpec {
  const known = preset.bases.map((b) => b.name);
  if (known.includes(name)) return base(preset, name);
  const make = derived[name];
  if (!make) throw unknown("base model", name, [...known, ...Object.keys(derived)]);
  return make(preset);
}

/** The preset's conversations of one kind. */
export function instruct(preset: Preset, kind: "general" | "code"): InstructSource {
  const file = preset.data[`${kind}File`];
  return { kind, count: preset.data[kind], seed: preset.data.seed, ...(file !== undefined && { file }) };
}

/** One greedy episode for every test instance of a task. */
export function evaluation(preset: Preset, model: ModelSpec, task: string): EvaluateSpec {
  return evaluationOn(preset, model, instancesOf(preset, task, "test", testCount(preset, task)));
}

/** The field of a run in which a model plays episodes. */
export const serverOf = ({ server }: Preset) => (server === undefined ? {} : { server });

/** The same on instances of the caller's choice, or on those behind a slice of trajectories. */
export function evaluationOn(
  preset: Preset,
  model: ModelSpec,
  instances: EvaluateSpec["instances"],
): EvaluateSpec {
  const { shots, maxTokens } = preset;
  return { kind: "evaluate", model, instances, shots, maxTokens, ...serverOf(preset) };
}
