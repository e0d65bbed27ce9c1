/** A preset sizes every experiment: a YAML file in configs/, or one of the user's own. Nothing asks which one it is. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { assumptionsSchema } from "../runs/forecast/assumptions";
import { getTask } from "../tasks/registry";
import { preferSettingsSchema } from "../training/prefer";
import { parseLaunch } from "../training/torch/launch";
import { trainSettingsSchema } from "../training/train";
import { skills } from "../trajectory/schema";
import { check } from "../util/check";
import { InputError, unknown } from "../util/errors";
import { ROOT } from "../util/files";
import { countsSchema, taskName } from "./counts";

const count = z.int().positive();
const share = z.number().min(0).max(1);
const shots = z.union([z.literal(0), z.literal(1)]);
const mixture = z
  .strictObject({ agent: share, general: share, code: share })
  .refine((m) => m.agent + m.general + m.code > 0, "some share must be above 0");
/** Overrides the training budget for one experiment. */
const budget = trainSettingsSchema.shape.budget.unwrap();

/** A model behind OpenAI's API. */
const openai = z.strictObject({
  kind: z.literal("openai"),
  model: z.string(),
  baseURL: z.url().optional(),
});

const seeds = z.array(z.int()).min(1);
/** Sizes of an experiment that trains a model for each point of a sweep. */
const sizes = {
  /** Every training is repeated with each. */
  seeds,
  /** Of each training. Default: that of `training`. */
  budget: budget.optional(),
  /** Test instances of each task. Default: those of `data`. */
  test: countsSchema.optional(),
};

/** Trajectories of each task. */
const perTask = z.array(z.union([count, z.literal("all")]));
const skillsOf = (names: readonly string[]) =>
  [...new Set(names.map((name) => getTask(name).skill))].sort().join();

const launch = z.string().superRefine((text, context) => {
  try {
    parseLaunch(text);
  } catch (error) {
    context.addIssue((error as Error).message);
  }
});

export const presetSchema = z.strictObject({
  name: z.string().min(1),
  /** What it is for, in a line. */
  description: z.string(),
  data: z.strictObject({
    /** Folder with official files; without it instances are generated. */
    folder: z.string().optional(),
    /** Tasks that trajectories are annotated of. */
    tasks: z.array(taskName).min(1),
    /** Tasks that are only evaluated: the unseen ones of Table 3. */
    heldOut: z.array(taskName),
    /** Instances of each task that are annotated, and that are played: `trainCount`, `testCount` in recipes.ts. */
    train: countsSchema,
    test: countsSchema,
    /** Trajectories of each task that the bank takes of its annotation at most. Default: all that there are. */
    bank: countsSchema.optional(),
    /** Conversations of the generalist and of the code data. */
    general: count,
    code: count,
    generalFile: z.string().optional(),
    codeFile: z.string().optional(),
    seed: z.int(),
  }),
  teacher: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("simulated"),
      easy: share.optional(),
      hard: share.optional(),
      forced: share.optional(),
    }),
    openai,
  ]),
  annotation: z.strictObject({ attempts: count, teacherShots: shots }),
  /** Examples in the agent's prompt, in training and in evaluation. The paper: 1. */
  shots,
  /** Completion tokens of one step at most. */
  maxTokens: count,
  /** The first is the default one. */
  bases: z
    .array(
      z.strictObject({
        name: z.string(),
        folder: z.string(),
        /** Whose sizes a dry run takes while the folder is not here: a name that lib/training/known-models.ts knows. */
        like: z.string().optional(),
      }),
    )
    .min(1),
  /** Bases that were tuned on conversations alone already: they stand where the kit would train such a model. */
  instructed: z.strictObject({ general: z.string().optional(), code: z.string().optional() }).optional(),
  mixture,
  /** `ratio` and `seed` are each experiment's own. */
  training: trainSettingsSchema.omit({ ratio: true, seed: true }),
  /** Where the torch engine runs: `4xA100`. It changes no result, and so no run's name. Default: 1xGPU. */
  launch: launch.optional(),
  /** The server that models play episodes behind: `vllm serve {folder} --host 127.0.0.1 --port {port}`. Default: none. */
  server: z
    .string()
    .refine(
      (command) => command.includes("{folder}") && command.includes("{port}"),
      "needs {folder} and {port}",
    )
    .optional(),
  /** What `reproduce --dry-run` assumes; without it a dry run counts, and tells the hours of what was timed here. */
  estimate: assumptionsSchema.optional(),
  /** Budget of models that see conversations alone. Default: that of `training`. */
  instructBudget: budget.optional(),
  /** Every training is repeated with each seed. */
  seeds: z.array(z.int()).min(1),
  experiments: z.strictObject({
    annotation: z.strictObject({
      /** Tasks annotated beside the preset's own, such as those that are searched; no model is trained on them. */
      extra: z.strictObject({ tasks: z.array(taskName), instances: count }),
      seeds: z.array(z.int()).min(1),
      budget: budget.optional(),
    }),
    difficultyBias: z.strictObject({
      /** Instances annotated by either pipeline, of which the sets below are drawn. */
      annotated: count,
      train: count,
      pseudo: count,
      test: count,
      /** Seeds of its own: the effect is small. */
      seeds: z.array(z.int()).min(1),
      budget: budget.optional(),
    }),
    humanComparison: z.strictObject({
      /** Training instances that are explored until they succeed, for the other side of the pairs. */
      annotated: count,
      /** Episodes at most before an instance is given up there. */
      attempts: count,
      /** Pairs of each comparison at most; Table 7: 100 and 80. */
      pairs: count,
      /** The model that judges every pair, and stands in where no person has rated. */
      judge: z.discriminatedUnion("kind", [z.strictObject({ kind: z.literal("simulated") }), openai]),
    }),
    contamination: z.strictObject({
      /** Tokens of the n-grams that are looked for; Table 8: 9 and 13. */
      ngrams: z.array(count).min(1),
      /** Test instances of each task whose gold episode is played for its observations and actions. */
      played: count,
    }),
    baseModels: z.strictObject({
      /** Names of starting points (recipes.ts): bases of the preset, `generalist`, `code`, `scratch`. */
      bases: z.array(z.string()).min(1),
      /** Two of them, of which the paper's claim is that the weaker gains more. */
      weaker: z.string(),
      stronger: z.string(),
      ...sizes,
    }),
    generalistRatio: z.strictObject({
      shares: z.array(share).min(2),
      /** Names of starting points (recipes.ts); `generalist` is tuned on generalist conversations, as Vicuna is. */
      bases: z.array(z.string()).min(1),
      ...sizes,
    }),
    codeRatio: z.strictObject({
      /** Shares of code data. Share 0 is a run of `generalistRatio` too, where sizes are the same. */
      shares: z.array(share).min(2),
      bases: z.array(z.string()).min(1),
      ...sizes,
    }),
    scaling: z.strictObject({
      /** The number of tasks. */
      tasks: z
        .strictObject({
          /** Nested: the first group alone, then with the second, and so on. Each covers the same skills. */
          groups: z.array(z.array(taskName).min(1)).min(2),
          /** Trajectories that the tasks of a level share. */
          trajectories: count,
          /** Instances annotated of a task that the bank does not hold. */
          annotated: count,
          seeds,
        })
        .refine(
          ({ groups }) => new Set(groups.map(skillsOf)).size === 1,
          "groups must cover the same skills",
        ),
      /** The number of trajectories of each of these tasks of the bank, ascending; `all` is its whole part of the bank. */
      trajectories: z.strictObject({
        tasks: z.array(taskName).min(1),
        perTask: perTask.min(2),
        /** Of the fewest and of the most; what lies between has the first alone. */
        seeds,
      }),
      budget: sizes.budget,
      test: sizes.test,
    }),
    skillTransfer: z.strictObject({
      /** Skills that a model is tuned on. Default: all that have a held-in task. */
      skills: z.array(z.enum(skills)).min(1).optional(),
      ...sizes,
    }),
    diversity: z.strictObject({
      /** The same number of trajectories from nested groups of tasks, as in `scaling`, whatever their skills. */
      trajectories: count,
      groups: z.array(z.array(taskName).min(1)).min(2),
      /** Instances annotated of a task that the bank does not hold. */
      annotated: count,
      /** More trajectories of each task of the first group, as in `scaling`. */
      perTask: perTask.min(2),
      ...sizes,
    }),
    agentTuning: z.strictObject({
      /** Shares of agent data, the rest generalist; 0.2 is AgentTuning's. */
      etas: z.array(share).min(2),
      /** Name of a base; `generalist` is the first base tuned on generalist conversations, as chat models are. */
      base: z.string(),
      /** Explored trajectories of each task that are trained on. */
      trajectories: count,
      /** Rewards that a trajectory must reach to be kept, for as many trajectories; 0 keeps all, 1 is AgentTuning's. */
      rewards: z.array(share).min(2),
      /** Share of agent data while the reward varies. */
      filterEta: share,
      abilities: z.strictObject({
        /** Conversations of each kind that no training reads. */
        conversations: count,
        /** Folder of MMLU's files, or `mmlu` once they are downloaded. */
        mmlu: z
          .strictObject({
            folder: z.string(),
            shots: z.int().min(0).max(5),
            /** Questions of each subject at most. Default: all. */
            perSubject: count.nullable().default(null),
          })
          .optional(),
      }),
      seeds: z.array(z.int()).min(1),
      budget: budget.optional(),
    }),
    rationale: z.strictObject({
      /** Trajectories of each task that are trained on, of either way to annotate. */
      trajectories: count,
      /** Trajectories of a step, and steps: a budget of tokens would show more decisions to what has no thoughts. */
      rows: count,
      steps: count,
      seeds: z.array(z.int()).min(1),
    }),
    agentbench: z.strictObject({
      /** AgentBench's name of a task to the kit's task that is played for it. */
      tasks: z.partialRecord(z.enum(["OS", "DB", "KG", "DCG", "LTP", "HH", "WS", "WB"]), taskName),
    }),
    beyond: z.strictObject({
      /** Of the main results' seeds, whose tuned agents it starts from. */
      seeds: z.array(z.int()).min(1),
      /** Of the bank, those that are played. Default: all that the paper holds in. */
      tasks: z.array(taskName).min(1).optional(),
      /** What each arm that has to learn something is trained on for, beyond the tuned agent. Default: `training`'s. */
      budget: budget.optional(),
      /** Peak rate of that training: lower than the first one's, for it goes on from there. */
      learningRate: z.number().positive(),
      /** Trials of Reflexion, and of trying again without it. */
      trials: count,
      /** At which the agent tries again and explores; ETO: 0.7. */
      temperature: z.number().positive(),
      /** Training instances of each task that the agent explores. */
      explored: count,
      /** Of preference training, in the place of ETO's own (training/prefer.ts). */
      preference: preferSettingsSchema
        .pick({ beta: true, learningRate: true, batch: true, schedule: true, warmup: true })
        .partial(),
    }),
  }),
});

export type Preset = z.infer<typeof presetSchema>;

/** The presets in configs/. */
export function presetNames(): string[] {
  return readdirSync(join(ROOT, "configs"))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"));
}

/** Part of a preset; what is null or left out stays as it is. */
export type Overrides = { [key: string]: unknown };

/**
 * Reads a preset by name, or from a YAML file of the user's own, with some of its values replaced:
 *
 *     loadPreset("mini", { experiments: { difficultyBias: { train: 300 } } })
 *
 * Throws InputError with all faults at once, each with its place: `configs/mini.yaml: data.train: …`.
 */
export function loadPreset(name: string, overrides: Overrides = {}): Preset {
  const path = name.endsWith(".yaml") ? name : join(ROOT, "configs", `${name}.yaml`);
  if (!existsSync(path)) throw unknown("preset", name, presetNames());
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`);
  }
  try {
    return check(presetSchema, override(content, overrides));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.faults.map((fault) => `${path}: ${fault}`));
  }
}

/** Objects are merged key by key, everything else is replaced. A notebook's parameter that is null overrides nothing. */
function override(value: unknown, by: Overrides): unknown {
  if (!isObject(value)) return by;
  const merged = { ...value };
  for (const [key, part] of Object.entries(by))
    if (part !== null && part !== undefined)
      merged[key] = isObject(part) ? override(merged[key], part) : part;
  return merged;
}

const isObject = (value: unknown): value is Overrides =>
  typeof value === "object" && value !== null && !Array.isArray(value);
