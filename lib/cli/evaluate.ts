import { Command, Option } from "commander";
import type { MechanismFlags } from "./mechanism";
import { number, positive, wholeNumber } from "./numbers";

export interface EvaluateCommandOptions extends MechanismFlags {
  model: string;
  name: string;
  preset?: string;
  tasks?: string[];
  instances?: number;
  data?: string;
  agentGym?: string;
  kind?: string;
  ids?: string;
  split: "train" | "dev" | "test";
  seed?: number;
  shots?: "0" | "1";
  maxTokens?: number;
  concurrency?: number;
  out?: string;
  json: boolean;
}

/** `agentbank evaluate --model MODEL`: every episode of some tasks, scored, with intervals and averages. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("play the test instances of tasks with a model and score it as Tables 4 and 9 do")
    .requiredOption(
      "--model <model>",
      "a folder of a checkpoint or an adapter, the URL of an OpenAI-compatible endpoint, or `simulated`",
    )
    .option("--name <name>", "the model's name at that endpoint", "default")
    .option("--preset <name>", "take tasks, instances, seed, shots and limits from a preset")
    .option("--tasks <names>", "which tasks, with commas between (default: all)", (text) => text.split(","))
    .option("--instances <n>", "instances of each task at most (default: the preset's, else 100)", positive)
    .option("--data <folder>", "read the official files there instead of generating instances")
    .option("--agent-gym <url>", "play what the AgentGym server there holds, in place of the kit's tasks")
    .option("--kind <name>", "with --agent-gym: which of its environments, such as webshop or sciworld")
    .option("--ids <numbers>", "with --agent-gym: which instances, such as 0-99 or 3,7,20-24")
    .addOption(new Option("--split <name>", "which split").choices(["train", "dev", "test"]).default("test"))
    .option("--seed <n>", "seed of the generator (default: the preset's, else 0)", wholeNumber)
    .addOption(
      new Option("--shots <n>", "examples in the prompt (default: the preset's, else 1)").choices(["0", "1"]),
    )
    .option("--max-tokens <n>", "completion tokens of one step (default: the preset's, else 256)", positive)
    .addOption(
      new Option(
        "--mechanism <name>",
        "reflexion: reflect on a failure and try again; retry: try again without; rewoo: plan all calls first; " +
          "planner: one thinks, one acts. The first two end at success, which the reward tells: an oracle",
      ).choices(["reflexion", "retry", "rewoo", "planner"]),
    )
    .option("--trials <n>", "of reflexion and retry, at most (default: 3)", positive)
    .option("--temperature <t>", "of retry, from the second trial on (default: 0.7)", number)
    .option("--actor <model>", "with planner: the model that acts, as --model (default: the same)")
    .option("--concurrency <n>", "episodes at once (default: all for a checkpoint, else 16)", positive)
    .option("--out <folder>", "the log (default: data/evaluated/MODEL)")
    .option("--json", "print the results as JSON", false)
    .action(async (options: EvaluateCommandOptions) => {
      const { runEvaluate } = await import("./evaluate-action.js");
      await runEvaluate(options);
    });
}
