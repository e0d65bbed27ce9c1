import { Command, Option } from "commander";
import { number, positive, wholeNumber } from "./numbers";

interface Options {
  strategy?: string[];
  data?: string;
  split: "train" | "dev" | "test";
  count?: number;
  seed: number;
  teacher: string;
  baseUrl?: string;
  shots: "0" | "1";
  attempts: number;
  rewardAbove?: number;
  concurrency: number;
  out?: string;
  json: boolean;
}

/** `agentbank annotate TASK`: instances in, trajectories out. */
export function annotateCommand(): Command {
  return new Command("annotate")
    .description("turn the instances of a task into trajectories, each with where it came from")
    .argument("<task>", "which task; `agentbank tasks` lists them")
    .option(
      "--strategy <names...>",
      "explore, answer-forcing, search, reformat; tried in order (default: Table 2)",
    )
    .option("--data <folder>", "read the official files there instead of generating instances")
    .addOption(new Option("--split <name>", "which split").choices(["train", "dev", "test"]).default("train"))
    .option("--count <n>", "instances at most (default: all official ones, 200 generated ones)", positive)
    .option("--seed <n>", "seed of the generator and of the teacher", wholeNumber, 0)
    .option("--teacher <model>", "`simulated`, or a model of an OpenAI-compatible endpoint", "simulated")
    .option("--base-url <url>", "that endpoint (default: OPENAI_BASE_URL, else OpenAI's)")
    .addOption(new Option("--shots <n>", "examples in the trained prompt").choices(["0", "1"]).default("0"))
    .option("--attempts <n>", "tries an instance gets", positive, 1)
    .option(
      "--reward-above <r>",
      "keep trajectories whose reward is greater (default: the paper's filter)",
      number,
    )
    .option("--concurrency <n>", "episodes at once", positive, 16)
    .option("--out <folder>", "results (default: data/annotated/TASK)")
    .option("--json", "print the summary and every failure as JSON", false)
    .action(async (task: string, options: Options) => {
      const { runAnnotate } = await import("./annotate-action.js");
      await runAnnotate(task, options);
    });
}

export type { Options as AnnotateCommandOptions };
