import { Command } from "commander";
import { positive } from "./numbers";

/** `agentbank pretrain`: a base model from its recipe. */
export function pretrainCommand(): Command {
  return new Command("pretrain")
    .description("make a base model from a recipe of generated general and code text; goes on after a kill")
    .requiredOption("--recipe <file>", "what to make, as data/base/recipe.yaml")
    .requiredOption("--out <folder>", "where the model goes")
    .option("--threads <n>", "threads of the backend (default: its own choice)", positive)
    .action(async (options: { recipe: string; out: string; threads?: number }) => {
      const { loadBackend } = await import("../model/backend.js");
      const { pretrain } = await import("../training/pretrain/pretrain.js");
      const { trainingProgress } = await import("../training/progress.js");
      await loadBackend({ threads: options.threads });
      const progress = trainingProgress("pretrain");
      try {
        await pretrain(options.recipe, options.out, progress.onStep);
      } finally {
        progress.stop();
      }
    });
}
