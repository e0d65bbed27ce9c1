/** What determines a training, the model and the data apart. The defaults are the paper's (section 4.1). */
import { z } from "zod";
import { engines } from "./engines/choose";
import { spikeActions } from "./guards";
import { loraTargets } from "./lora";
import { schedules } from "./schedule";
import { labelings } from "./turns";

export const positive = z.number().positive();
const count = z.int().positive();
const share = z.number().min(0);

export const trainSettingsSchema = z.strictObject({
  /** Shares of the tokens that the model reads; scaled to sum to 1, a source without rows counts as 0. */
  ratio: z
    .strictObject({ agent: share, general: share, code: share })
    .default({ agent: 0.8, general: 0.1, code: 0.1 }),
  /** `steps`, `tokens` that the model reads, or `epochs` of the agent rows. */
  budget: z
    .union([
      z.strictObject({ steps: count }),
      z.strictObject({ epochs: count }),
      z.strictObject({ tokens: count }),
    ])
    .default({ epochs: 3 }),
  /** A step trains on so many rows, or on rows of so many tokens together. */
  batch: z.union([z.strictObject({ rows: count }), z.strictObject({ tokens: count })]).default({ rows: 128 }),
  /** Longer rows, and those longer than the model can read, are cut behind the last agent turn that fits. */
  sequenceLength: count.default(2048),
  /** What is trained of an agent's turn: all that it writes, or what the chat template marks, as TRL (turns.ts). */
  labels: z.enum(labelings).default("turns"),
  /** Tokens that go through the model at once at most, padding included; the rest of a step is accumulated. */
  microTokens: count.default(8192),
  learningRate: positive.default(5e-5),
  schedule: z.enum(schedules).default("cosine"),
  /** Share of the steps. */
  warmup: z.number().min(0).max(1).default(0.03),
  betas: z.tuple([z.number(), z.number()]).default([0.9, 0.999]),
  weightDecay: z.number().min(0).default(0),
  clip: positive.default(1),
  /** One matrix for input and output, as the shipped base was pre-trained (engines/tied.ts). */
  tied: z.boolean().default(false),
  /** Low-rank adapters are trained instead of the weights: lora.ts. Null trains all weights. */
  lora: z
    .strictObject({
      rank: count.default(16),
      alpha: positive.default(32),
      targets: z
        .array(z.enum(loraTargets))
        .min(1)
        .default([...loraTargets]),
      merge: z.boolean().default(true),
    })
    .nullable()
    .default(null),
  /** Compute each layer again for its gradient: a third more time, a fraction of the memory. */
  recompute: z.boolean().default(false),
  /**
   * Every so many steps, the loss on a share of each source's rows that is not trained on. After `patience` evaluations
   * without a lower one the training ends, with the model of the lowest. Null holds nothing out.
   */
  evaluation: z
    .strictObject({
      every: count,
      heldOut: z.number().gt(0).max(0.5).default(0.05),
      patience: count.nullable().default(null),
    })
    .nullable()
    .default(null),
  /** What is done about a loss so many times the median before it: guards.ts. */
  spikes: z
    .strictObject({ factor: z.number().gt(1).default(4), action: z.enum(spikeActions).default("warn") })
    .default({ factor: 4, action: "warn" }),
  /** How the step is computed: engines/choose.ts, engines/torch.ts. */
  engine: z.enum([...engines, "torch"]).default("auto"),
  /** Of the torch engine. Default sdpa; flash_attention_2 is a package apart (docs/gpu.md). */
  attention: z.enum(["sdpa", "flash_attention_2", "eager"]).optional(),
  /** What matrix products read in a compiled step; weights, sums and softmax stay float32. */
  precision: z.enum(["float32", "bfloat16"]).default("float32"),
  seed: z.int().default(0),
});

export type TrainSettings = z.output<typeof trainSettingsSchema>;
/** The same as it may be written by hand: every field has a default. */
export type TrainSettingsInput = z.input<typeof trainSettingsSchema>;
