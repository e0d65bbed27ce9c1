import { Command, Option } from "commander";
import { type Labels, labelings } from "../training/turns";
import { positive } from "./numbers";

interface Options {
  model?: string;
  sequenceLength: number;
  row?: number;
  labels: Labels;
  html: boolean;
  json: boolean;
}

/** `agentbank inspect-data FILE`: what the trainer will make of it, row by row if asked. */
export function inspectDataCommand(): Command {
  return new Command("inspect-data")
    .description(
      "lengths, trained share, cut rows and packing of a trajectory file; or one row, token by token",
    )
    .argument("<file>", "trajectories, in any format")
    .option(
      "--model <folder>",
      "whose tokenizer and chat template: a folder, or a GGUF file (default: data/base)",
    )
    .option("--sequence-length <n>", "tokens that a row may have", positive, 2048)
    .option("--row <n>", "show this sound row's tokens, counted from 1: trained green, ignored dim", positive)
    .addOption(
      new Option(
        "--labels <which>",
        "trained: the agent's turns, or what the template's {% generation %} marks",
      )
        .choices(labelings)
        .default("turns"),
    )
    .option("--html", "show the row as HTML", false)
    .option("--json", "print the same as JSON, every fault included", false)
    .action(async (file: string, options: Options) => {
      const { inspectData } = await import("./inspect-data-action.js");
      await inspectData(file, options);
    });
}

export type { Options as InspectDataOptions };
