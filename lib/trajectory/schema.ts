/**
 * The trajectory (u, a1, o1, …, an) of section 3.1: the one currency that passes between the stages.
 *
 * `content` is what the model reads or writes, to the character; `thought` and `action` are the parsed view of an
 * assistant turn that follows ReAct and must print back to `content`. `loss` marks the turns whose tokens are
 * trained (Eq. 1). Generalist and code conversations use the same shape, with `skill: null` and no parsed view.
 */
import { z } from "zod";

export const SCHEMA_VERSION = 1;

export const skills = ["reasoning", "math", "programming", "web", "embodied"] as const;
export type Skill = (typeof skills)[number];

/** How the actions were obtained (section 3.4); `gold` is a replay of gold actions, `imported` came from a file. */
export const strategies = ["explore", "answer-forcing", "search", "reformat", "gold", "imported"] as const;
export type Strategy = (typeof strategies)[number];

export const turnSchema = z.strictObject({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
  thought: z.string().optional(),
  action: z.string().optional(),
  loss: z.boolean(),
});
export type Turn = z.infer<typeof turnSchema>;

export const usageSchema = z.strictObject({
  calls: z.number().int().nonnegative(),
  promptTokens: z.number().int().nonnegative(),
  completionTokens: z.number().int().nonnegative(),
  /** US dollars; null where the price is unknown or nothing was paid. */
  cost: z.number().nonnegative().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const provenanceSchema = z.strictObject({
  strategy: z.enum(strategies),
  /** Name of the model that wrote thoughts or actions; null for gold and imported trajectories. */
  teacher: z.string().nullable(),
  /** True when the teacher is the kit's simulated one. */
  simulated: z.boolean(),
  /** File or data set that the instance came from; `generated` for miniature instances. */
  source: z.string(),
  usage: usageSchema.optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const trajectorySchema = z.strictObject({
  version: z.literal(SCHEMA_VERSION),
  id: z.string().min(1),
  task: z.string().min(1),
  skill: z.enum(skills).nullable(),
  /** Identifier of the task instance; several trajectories may share one. */
  instance: z.string().min(1),
  /** 0 (easy) to 1 (hard) where the generator knows it, else null. */
  difficulty: z.number().min(0).max(1).nullable(),
  turns: z.array(turnSchema).min(1),
  /** Final reward in [0, 1]; null where the source does not tell. */
  reward: z.number().min(0).max(1).nullable(),
  provenance: provenanceSchema,
});
export type Trajectory = z.infer<typeof trajectorySchema>;
