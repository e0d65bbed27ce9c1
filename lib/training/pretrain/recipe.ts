/** The recipe of a base model: a YAML file that says everything which determines its weights. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { check } from "../../util/check";

const count = z.int().positive();

const stageSchema = z.strictObject({
  name: z.string(),
  steps: count,
  /** T: tokens in a row. */
  sequence: count,
  /** B: rows in a step. */
  rows: count,
  /** Shares of the exercises, by name. */
  mix: z.record(z.string(), z.number().positive()),
});

export const recipeSchema = z.strictObject({
  name: z.string(),
  seed: z.int(),
  /** Lexicon, relative to the recipe's folder. */
  lexicon: z.string(),
  /** Sizes of the Llama. */
  model: z.strictObject({
    vocab_size: count,
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    max_position_embeddings: count,
    initializer_range: z.number().positive(),
  }),
  optimizer: z.strictObject({
    learningRate: z.number().positive(),
    warmup: z.number().min(0).max(1),
    decay: z.number().min(0).max(1),
    betas: z.tuple([z.number(), z.number()]),
    weightDecay: z.number().min(0),
    clip: z.number().positive(),
  }),
  stages: z.array(stageSchema).min(1),
  /** Steps between measurements of the induction accuracy, and between checkpoints. */
  measureEvery: count,
});

export type Recipe = z.infer<typeof recipeSchema>;
export type Stage = z.infer<typeof stageSchema>;

/** Reads and checks a recipe. Throws InputError with every fault. */
export const readRecipe = (path: string): Recipe => check(recipeSchema, parse(readFileSync(path, "utf8")));

/** The stage that a step (from 0) belongs to. */
export function stageAt(recipe: Recipe, step: number): Stage {
  let left = step;
  for (const stage of recipe.stages) {
    if (left < stage.steps) return stage;
    left -= stage.steps;
  }
  throw new RangeError(`step ${step} is beyond the recipe's last stage`);
}

export const totalSteps = (recipe: Recipe): number => recipe.stages.reduce((sum, s) => sum + s.steps, 0);
