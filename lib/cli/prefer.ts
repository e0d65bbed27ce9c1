import { Command } from "commander";
import { positive } from "./numbers";

export interface PreferCommandOptions {
  model: string;
  pairs?: string;
  agent?: string;
  explored?: string[];
  out: string;
  threads?: number;
  set: string[];
}

/** `agentbank prefer`: trains a tuned agent on pairs of better and worse trajectories (ETO). */
export function preferCommand(): Command {
  return new Command("prefer")
    .description(
      "train a tuned agent on its own failures, each paired with the bank's success (ETO, by DPO); run again after a kill, it goes on",
    )
    .requiredOption("--model <folder>", "checkpoint to start from, which is the reference too")
    .option("--pairs <file>", "JSON Lines of {chosen, rejected}, each a trajectory in the kit's format")
    .option("--agent <data>", "in its place: the bank, in any format, and")
    .option(
      "--explored <folders...>",
      "logs of `agentbank evaluate --split train` by that model on the bank's instances",
    )
    .option("--out <folder>", "where the checkpoint goes", "data/models/preferred")
    .option("--threads <n>", "threads of the backend (default: its own choice)", positive)
    .option("--set <key=value...>", "a setting, the value as YAML: --set beta=0.5 'budget={epochs: 1}'", [])
    .action(async (options: PreferCommandOptions) => {
      const { runPrefer } = await import("./prefer-action.js");
      await runPrefer(options);
    });
}
