/** What a forecast has to be told, for nothing of it can be known before a run: stated in a preset, with its source. */
import { z } from "zod";
import { parseHardware } from "../../training/hardware";
import { strategies } from "../../trajectory/schema";

const count = z.number().positive();
const share = z.number().gt(0).max(1);

/** Tokens of an episode's parts, and how many of them there are. */
const episodeSchema = z.strictObject({
  /** Agent turns. Default: the mean that Table 2 prints for the task, where it does. */
  turns: count,
  /** The opening prompt, with its example. */
  opening: count,
  /** A reply of the agent. */
  turn: count,
  observation: z.number().min(0),
  /** Share of the teacher's attempts that explore the task with success. */
  success: share,
});

export const assumptionsSchema = z.strictObject({
  /** `4xA100-80GB`: training/hardware.ts. */
  hardware: z.string().superRefine((text, context) => {
    try {
      parseHardware(text);
    } catch (error) {
      context.addIssue((error as Error).message);
    }
  }),
  /** Share of the GPUs' peak that a training reaches. */
  mfu: share,
  /** Completion tokens a second of one GPU that plays episodes with a model of so many parameters; others in proportion. */
  decoding: z.strictObject({ tokensPerSecond: count, parameters: count, source: z.string().min(1) }),
  /** US dollars for a million tokens of the teacher. */
  price: z
    .strictObject({
      prompt: z.number().min(0),
      completion: z.number().min(0),
      date: z.iso.date(),
      source: z.string().min(1),
    })
    .optional(),
  /** Tokens of a conversation of the generalist and code data. */
  conversation: count,
  /** Every task's, and what is otherwise of some. */
  episode: episodeSchema,
  episodes: z.record(z.string(), episodeSchema.partial()).default({}),
  /** Share of the instances that the other strategies turn into a trajectory, of those that reach them. */
  yield: z.partialRecord(z.enum(strategies), share),
});

export type Assumptions = z.infer<typeof assumptionsSchema>;
