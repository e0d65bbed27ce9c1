/** What several parts of a preset are made of. */
import { z } from "zod";
import { trainSettingsSchema } from "../../training/train";

export const count = z.int().positive();
export const share = z.number().min(0).max(1);
/** Overrides the training budget for one experiment. */
export const budget = trainSettingsSchema.shape.budget.unwrap();

/** A model behind OpenAI's API. */
export const openai = z.strictObject({
  kind: z.literal("openai"),
  model: z.string(),
  baseURL: z.url().optional(),
});

/** Every training is repeated with each. */
export const seeds = z.array(z.int()).min(1);
