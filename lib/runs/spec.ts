/**
 * What a run is made of. A spec is plain data and holds the specs that it needs, so it names its whole history: the
 * hash of a spec identifies its result, and two notebooks that ask for the same thing share one run.
 */
import type { Competence } from "../annotate/teacher";
import type { Form } from "../mechanisms/forms";
import type { InstanceSource } from "../tasks/instances";
import type { PreferSettings } from "../training/prefer";
import type { TrainSettings } from "../training/train";
import type { Strategy } from "../trajectory/schema";
import { hashOf } from "../util/hash";

export type TeacherSpec =
  | ({ kind: "simulated" } & Partial<Competence>)
  /** `baseURL` defaults to OpenAI's own, whatever the environment says. */
  | { kind: "openai"; model: string; baseURL?: string };

/** Annotates instances of one task; the result is a file of trajectories. */
export interface AnnotateSpec {
  kind: "annotate";
  instances: InstanceSource;
  /** Tried in order until one yields a trajectory. */
  strategies: readonly Strategy[];
  /** A trajectory is kept where its reward is greater. */
  rewardAbove: number;
  attempts: number;
  teacher: TeacherSpec;
  teacherShots: 0 | 1;
  shots: 0 | 1;
  seed: number;
}

/** A slice of an annotation's trajectories, in instance order. */
export interface TrajectorySlice {
  from: AnnotateSpec;
  start: number;
  /** Exactly so many; null takes all that there are. */
  count: number | null;
  /** Where all are taken: so many at most. */
  most?: number;
  /** Trained on as actions alone: tasks/without-thoughts.ts. Default: as they are. */
  thoughts?: false;
  /** Trained on in a mechanism's form (mechanisms/forms.ts). Default: as ReAct trajectories, as they are. */
  form?: Form;
}

/** Conversations mixed into training: generated ones, or a file in any format that the kit reads. */
export interface InstructSource {
  kind: "general" | "code";
  count: number;
  seed: number;
  file?: string;
}

/**
 * A checkpoint that no run made. `sha256` is of its weights, for a path does not identify what is in it; it is null
 * where they are not here: then runs can be planned, but not computed.
 */
export interface BaseSpec {
  kind: "base";
  name: string;
  folder: string;
  sha256: string | null;
}

/** Random weights from `seed` in the architecture and with the tokenizer of a base; the result is a checkpoint folder. */
export interface ScratchSpec {
  kind: "scratch";
  like: BaseSpec;
  seed: number;
}

/** What can be trained on and evaluated. */
export type ModelSpec = BaseSpec | ScratchSpec | TrainSpec | PreferSpec;

/** Fine-tunes a model on a mixture; the result is a checkpoint folder. */
export interface TrainSpec {
  kind: "train";
  base: ModelSpec;
  agent: readonly TrajectorySlice[];
  general: InstructSource | null;
  code: InstructSource | null;
  settings: TrainSettings;
  /** Agent rows besides: the reflections and second attempts of these explorations' pairs. */
  reflections?: readonly ExploreSpec[];
  /** Where the torch engine computes it: `4xA100`. Not part of the run's name, at whatever depth it stands. */
  launch?: string;
}

/**
 * Lets a model play the instances behind a bank; the result is its episodes and, where it did worse or better than the
 * bank, pairs of the two.
 */
export interface ExploreSpec {
  kind: "explore";
  model: ModelSpec;
  bank: TrajectorySlice;
  temperature: number;
  seed: number;
  shots: 0 | 1;
  maxTokens: number;
  /** As in an evaluation. */
  server?: string;
}

/** Trains a model on pairs by preference; the result is a checkpoint folder. */
export interface PreferSpec {
  kind: "prefer";
  /** What it starts from, and is compared with. */
  base: ModelSpec;
  pairs: readonly ExploreSpec[];
  settings: PreferSettings;
}

/** How an episode is played (mechanisms/mechanism.ts). */
export type MechanismSpec =
  | { kind: "retry"; trials: number; temperature: number }
  | { kind: "reflexion"; trials: number }
  | { kind: "rewoo" }
  | { kind: "planner"; actor?: ModelSpec };

/** Plays one episode for every instance; the result is the whole evaluation log. */
export interface EvaluateSpec {
  kind: "evaluate";
  model: ModelSpec;
  /** Instances by source, or those behind a slice of trajectories. */
  instances: InstanceSource | TrajectorySlice;
  shots: 0 | 1;
  /** Completion tokens of one step at most. */
  maxTokens: number;
  /** Asked for actions alone, as a model is that was trained so. Default: thoughts and actions. */
  thoughts?: false;
  /** Default: the ReAct loop. */
  mechanism?: MechanismSpec;
  /** The command of a server that the model plays behind (llm/served.ts). Default: the kit computes it. */
  server?: string;
}

/** Trajectories of two annotations for the same instances. */
export interface MatchSource {
  first: AnnotateSpec;
  second: AnnotateSpec;
  /** Of the first trajectories, those by this strategy alone; null takes all. */
  strategy: Strategy | null;
  /** So many pairs at most. */
  count: number;
}

export type JudgeModelSpec = { kind: "simulated" } | Extract<TeacherSpec, { kind: "openai" }>;

/** A model says which trajectory of each pair is better; the result is a file of judgements. */
export interface JudgeSpec {
  kind: "judge";
  pairs: MatchSource;
  judge: JudgeModelSpec;
}

/**
 * Conversations that no training reads: of the generator's test split, or those of the file behind the first `after`,
 * which may be trained on.
 */
export interface ConversationTest extends InstructSource {
  test: "conversations";
  after: number;
  /** Tokens of one answer at most. */
  maxTokens: number;
}

/** MMLU's multiple choice, `folder` as `dataPath` reads it. */
export interface MmluTest {
  test: "mmlu";
  folder: string;
  shots: number;
  /** Questions of each subject at most; null takes all. */
  perSubject: number | null;
}

/** Tests what a model can do beside acting; the result is a score for every question. */
export interface AbilitySpec {
  kind: "ability";
  model: ModelSpec;
  of: ConversationTest | MmluTest;
}

export type RunSpec =
  | AnnotateSpec
  | ScratchSpec
  | TrainSpec
  | ExploreSpec
  | PreferSpec
  | EvaluateSpec
  | JudgeSpec
  | AbilitySpec;

/** Every kind of run; as keys, so that none is forgotten. */
const kinds: Record<RunSpec["kind"], true> = {
  annotate: true,
  scratch: true,
  train: true,
  explore: true,
  prefer: true,
  evaluate: true,
  judge: true,
  ability: true,
};
export const runKinds = Object.keys(kinds) as RunSpec["kind"][];

/** Raised when the code changes what a spec results in; older runs are then computed again. */
const RESULT_VERSION = 3;

const names = new WeakMap<RunSpec, string>();

/** `KIND-HASH`: the name of a run and of its folder. */
export function runId(spec: RunSpec): string {
  let name = names.get(spec);
  if (name === undefined) {
    name = `${spec.kind}-${hashOf({ ...(determining(spec) as object), version: RESULT_VERSION })}`;
    names.set(spec, name);
  }
  return name;
}

/** What of a spec determines its result: all but where it is computed. */
export function determining(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(determining);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).filter(([key]) => key !== "launch");
  return Object.fromEntries(parts.map(([key, part]) => [key, determining(part)]));
}

/** A model in words, for logs: `base`, `base tuned`, `base with random weights tuned`. */
export function nameOf(model: ModelSpec): string {
  if (model.kind === "base") return model.name;
  if (model.kind === "scratch") return `${model.like.name} with random weights`;
  if (model.kind === "prefer") return `${nameOf(model.base)} and contrasted`;
  // Trained once or more often, it is tuned.
  return model.base.kind === "train" ? nameOf(model.base) : `${nameOf(model.base)} tuned`;
}

/** The models that a run starts from; none for an annotation. */
function startOf(spec: RunSpec): ModelSpec[] {
  switch (spec.kind) {
    case "annotate":
    case "judge":
      return [];
    case "scratch":
      return [spec.like];
    case "train":
    case "prefer":
      return [spec.base];
    case "explore":
    case "ability":
      return [spec.model];
    case "evaluate":
      return spec.mechanism?.kind === "planner" && spec.mechanism.actor
        ? [spec.model, spec.mechanism.actor]
        : [spec.model];
  }
}

/** The base models, weights or not, that a run and those it depends on start from. */
export function basesOf(spec: RunSpec): BaseSpec[] {
  const own = startOf(spec).filter((model) => model.kind === "base");
  return [...own, ...dependencies(spec).flatMap(basesOf)];
}

/** The runs that must be there before this one can be computed. */
export function dependencies(spec: RunSpec): RunSpec[] {
  const made = startOf(spec).filter((model) => model.kind !== "base");
  if (spec.kind === "train")
    return [...spec.agent.map((slice) => slice.from), ...(spec.reflections ?? []), ...made];
  if (spec.kind === "explore") return [spec.bank.from, ...made];
  if (spec.kind === "prefer") return [...spec.pairs, ...made];
  if (spec.kind === "judge") return [spec.pairs.first, spec.pairs.second];
  if (spec.kind === "evaluate" && "from" in spec.instances) return [...made, spec.instances.from];
  return made;
}
