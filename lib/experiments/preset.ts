/** A preset sizes every experiment: a YAML file in configs/, or one of the user's own. Nothing asks which one it is. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { tasks } from "../tasks/registry";
import { trainSettingsSchema } from "../training/train";
import { check } from "../util/check";
import { InputError, unknown } from "../util/errors";
import { ROOT } from "../util/files";

const count = z.int().positive();
const share = z.number().min(0).max(1);
const shots = z.union([z.literal(0), z.literal(1)]);
const mixture = z
  .strictObject({ agent: share, general: share, code: share })
  .refine((m) => m.agent + m.general + m.code > 0, "some share must be above 0");
/** Overrides the training budget for one experiment. */
const budget = trainSettingsSchema.shape.budget.unwrap();
const taskName = z.string().refine((name) => tasks.some((t) => t.name === name), {
  error: (issue) =>
    unknown(
      "task",
      String(issue.input),
      tasks.map((t) => t.name),
    ).message,
});

export const presetSchema = z.strictObject({
  name: z.string().min(1),
  /** What it is for, in a line. */
  description: z.string(),
  data: z.strictObject({
    /** Folder with official files; without it instances are generated. */
    folder: z.string().optional(),
    tasks: z.array(taskName).min(1),
    /** Training and test instances of each task. */
    train: count,
    test: count,
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
    z.strictObject({ kind: z.literal("openai"), model: z.string(), baseURL: z.url().optional() }),
  ]),
  annotation: z.strictObject({ attempts: count, teacherShots: shots }),
  /** Examples in the agent's prompt, in training and in evaluation. The paper: 1. */
  shots,
  /** Completion tokens of one step at most. */
  maxTokens: count,
  /** The first is the default one. */
  bases: z.array(z.strictObject({ name: z.string(), folder: z.string() })).min(1),
  mixture,
  /** `ratio` and `seed` are each experiment's own. */
  training: trainSettingsSchema.omit({ ratio: true, seed: true }),
  /** Budget of models that see conversations alone. Default: that of `training`. */
  instructBudget: budget.optional(),
  /** Every training is repeated with each seed. */
  seeds: z.array(z.int()).min(1),
  experiments: z.strictObject({
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
    generalistRatio: z.strictObject({
      shares: z.array(share).min(2),
      /** Names of bases; `generalist` is the first base tuned on generalist conversations, as Vicuna is. */
      bases: z.array(z.string()).min(1),
      seeds: z.array(z.int()).min(1),
      budget: budget.optional(),
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

/**
 * Reads a preset by name, or from a YAML file of the user's own.
 * Throws InputError with all faults at once, each with its place: `configs/mini.yaml: data.train: …`.
 */
export function loadPreset(name: string): Preset {
  const path = name.endsWith(".yaml") ? name : join(ROOT, "configs", `${name}.yaml`);
  if (!existsSync(path)) throw unknown("preset", name, presetNames());
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`);
  }
  try {
    return check(presetSchema, content);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.faults.map((fault) => `${path}: ${fault}`));
  }
}
