import { Command } from "commander";
import { positive, wholeNumber } from "./numbers";

export interface SweepOptions {
  preset: string;
  only?: string[];
  on: string;
  address?: string;
  workers?: number;
  retries: number;
}

/** `agentbank sweep`: every run of a preset without a notebook, on this machine or on a cluster. */
export function sweepCommand(): Command {
  return new Command("sweep")
    .description(
      "compute all runs of a preset's experiments, on this machine or on a Ray cluster; notebooks then read them",
    )
    .option("--preset <name>", "size of the experiments: a name in configs/, or a YAML file", "mini")
    .option("--only <experiments...>", "the runs of these experiments alone")
    .option(
      "--on <where>",
      "here: processes of this machine; ray: tasks of a cluster that shares this folder",
      "here",
    )
    .option(
      "--address <address>",
      "of a Ray cluster that runs already (default: one of this machine, for this sweep)",
    )
    .option(
      "--workers <count>",
      "runs at once (default: the cores of the machine or of the cluster)",
      positive,
    )
    .option("--retries <count>", "how often a run is tried again whose process died", wholeNumber, 1)
    .action(async (options: SweepOptions) => (await import("./sweep-action.js")).sweep(options));
}
