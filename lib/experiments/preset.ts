/** A preset sizes every experiment: a YAML file in configs/, or one of the user's own. Nothing asks which one it is. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { assumptionsSchema } from "../runs/forecast/assumptions";
import { parseLaunch } from "../training/torch/launch";
import { trainSettingsSchema } from "../training/train";
import { check } from "../util/check";
import { InputError, unknown } from "../util/errors";
import { ROOT } from "../util/files";
import { countsSchema, taskName } from "./counts";
import { experimentsSchema } from "./preset/experiments";
import { budget, count, openai, seeds, share } from "./preset/parts";

const shots = z.union([z.literal(0), z.literal(1)]);
const mixture = z
  .strictObject({ agent: share, general: share, code: share })
  .refine((m) => m.agent + m.general + m.code > 0, "some share must be above 0");
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
  seeds,
  experiments: experimentsSchema,
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
