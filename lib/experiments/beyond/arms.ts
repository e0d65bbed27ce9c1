/**
 * What is set against the tuned agent. Whatever has to be learnt first is learnt from there, for one budget that is the
 * same for all: so each is compared with the tuned agent trained on for as long, too.
 */
import { rewooFault } from "../../mechanisms/rewoo/prompts";
import type {
  EvaluateSpec,
  ExploreSpec,
  MechanismSpec,
  ModelSpec,
  PreferSpec,
  TrainSpec,
  TrajectorySlice,
} from "../../runs/spec";
import { getTask } from "../../tasks/registry";
import { preferSettingsSchema } from "../../training/prefer";
import type { Preset } from "../preset";
import { annotation, bank, evaluation, heldIn, serverOf, slice, trainCount, tuned } from "../recipes";

export const armNames = [
  "tuned agent",
  "trained on",
  "retry",
  "Reflexion",
  "Reflexion, taught",
  "ReWOO",
  "two roles",
  "planner and actor",
  "ETO",
] as const;
export type ArmName = (typeof armNames)[number];

export interface Arm {
  name: ArmName;
  /** Times the parameters of the tuned agent that it takes. */
  models: number;
  /** Whether it has seen training beyond the tuned agent's. */
  trained: boolean;
  tasks: string[];
  /** A model and a way to play it for each seed. */
  seeds: { model: ModelSpec; mechanism?: MechanismSpec }[];
}

const section = (preset: Preset) => preset.experiments.beyond;

/** The tasks that all arms but ReWOO are trained on and play. */
export const tasksOf = (preset: Preset): string[] => section(preset).tasks ?? heldIn(preset);

const bankOf = (preset: Preset, tasks = tasksOf(preset)): TrajectorySlice[] =>
  bank(preset).filter(({ from }) => tasks.includes(from.instances.task));

/** The agent that all start from: that of the main results. */
export const plainAgent = (preset: Preset, seed: number): TrainSpec =>
  tuned(preset, { agent: bank(preset), seed });

/** Trains the tuned agent on, for the budget of this experiment. */
function onward(
  preset: Preset,
  seed: number,
  agent: readonly TrajectorySlice[],
  reflections?: readonly ExploreSpec[],
): TrainSpec {
  const { budget, learningRate } = section(preset);
  const mixture = { agent: 1, general: 0, code: 0 };
  const spec = tuned(preset, { agent, mixture, base: plainAgent(preset, seed), budget, seed });
  const settings = { ...spec.settings, learningRate };
  if (!reflections) return { ...spec, settings };
  // A reflection is written behind a whole failed episode: of the longest, twice as much is read.
  return { ...spec, settings: { ...settings, sequenceLength: 2 * settings.sequenceLength }, reflections };
}

/** The tuned agent plays training instances of every task. */
export function explorations(preset: Preset, seed: number): ExploreSpec[] {
  const { explored, temperature } = section(preset);
  return tasksOf(preset).map((task) => ({
    kind: "explore",
    model: plainAgent(preset, seed),
    bank: {
      ...slice(annotation(preset, task)),
      most: Math.min(explored, trainCount(preset, task)),
    },
    temperature,
    seed,
    shots: preset.shots,
    maxTokens: preset.maxTokens,
    ...serverOf(preset),
  }));
}

/** ETO: the tuned agent trained on pairs of its own failures and the bank's successes. */
export function contrasted(preset: Preset, seed: number): PreferSpec {
  const { budget, preference } = section(preset);
  const { sequenceLength, microTokens, betas, weightDecay, clip, tied } = preset.training;
  const shared = { sequenceLength, microTokens, betas, weightDecay, clip, tied };
  return {
    kind: "prefer",
    base: plainAgent(preset, seed),
    pairs: explorations(preset, seed),
    settings: preferSettingsSchema.parse({ ...shared, budget, ...preference, seed }),
  };
}

/** The tasks that can be planned without seeing anything. */
export const plannable = (preset: Preset): string[] =>
  tasksOf(preset).filter((task) => rewooFault(getTask(task)) === null);

const formed = (preset: Preset, form: TrajectorySlice["form"], tasks: string[]) =>
  bankOf(preset, tasks).map((slice) => ({ ...slice, form }));

/** All of them, in the order of `armNames`; ReWOO is left out where no task can be planned. */
export function arms(preset: Preset): Arm[] {
  const { seeds, trials, temperature } = section(preset);
  const [all, able] = [tasksOf(preset), plannable(preset)];
  const plain = (seed: number) => plainAgent(preset, seed);
  const role = (form: "planner" | "actor", seed: number) => onward(preset, seed, formed(preset, form, all));
  const bothRoles = [...formed(preset, "planner", all), ...formed(preset, "actor", all)];
  const reflexion = { kind: "reflexion", trials } as const;

  type Play = Arm["seeds"][number];
  const arm = (name: ArmName, play: (seed: number) => Play, rest: Partial<Arm> = {}): Arm => ({
    name,
    models: 1,
    trained: true,
    tasks: all,
    seeds: seeds.map(play),
    ...rest,
  });
  const given = { trained: false };
  return [
    arm("tuned agent", (seed) => ({ model: plain(seed) }), given),
    arm("trained on", (seed) => ({ model: onward(preset, seed, bankOf(preset)) })),
    arm(
      "retry",
      (seed) => ({ model: plain(seed), mechanism: { kind: "retry", trials, temperature } }),
      given,
    ),
    arm("Reflexion", (seed) => ({ model: plain(seed), mechanism: reflexion }), given),
    arm("Reflexion, taught", (seed) => ({
      model: onward(preset, seed, [], explorations(preset, seed)),
      mechanism: reflexion,
    })),
    ...(able.length > 0
      ? [
          arm(
            "ReWOO",
            (seed) => ({
              model: onward(preset, seed, formed(preset, "rewoo", able)),
              mechanism: { kind: "rewoo" },
            }),
            { tasks: able },
          ),
        ]
      : []),
    arm("two roles", (seed) => ({ model: onward(preset, seed, bothRoles), mechanism: { kind: "planner" } })),
    arm(
      "planner and actor",
      (seed) => ({
        model: role("planner", seed),
        mechanism: { kind: "planner", actor: role("actor", seed) },
      }),
      { models: 2 },
    ),
    arm("ETO", (seed) => ({ model: contrasted(preset, seed) })),
  ];
}

/** The evaluation of one arm on one task, for each seed. */
export const armEvaluations = (preset: Preset, { seeds }: Arm, task: string): EvaluateSpec[] =>
  seeds.map(({ model, mechanism }) => ({
    ...evaluation(preset, model, task),
    ...(mechanism && { mechanism }),
  }));
