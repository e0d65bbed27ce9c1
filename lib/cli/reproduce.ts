import { Command, InvalidArgumentError } from "commander";
import { positive, seconds } from "./numbers";
import type { ReproduceFlags } from "./reproduce-action";

/** `agentbank reproduce`: every notebook on one preset, and the page that shows their figures. */
export function reproduceCommand(): Command {
  return new Command("reproduce")
    .description("execute every notebook headless; leaves figures/PRESET/index.html")
    .option("--preset <name>", "size of the experiments: a name in configs/, or a YAML file", "mini")
    .option("--only <names...>", "these notebooks alone")
    .option("--timeout <seconds>", "most time for a cell; 0 is no limit", seconds, 0)
    .option("--jobs <count>", "notebooks at once (default: 2 where there are two cores)", positive)
    .option("--again", "execute also those notebooks that would come out as they are", false)
    .option("--dry-run", "print every run that it would start and what that takes, and start none", false)
    .option("--json", "with --dry-run: print the same as JSON", false)
    .action(async (options: ReproduceFlags & { dryRun: boolean; json: boolean }) => {
      if (options.json && !options.dryRun) throw new InvalidArgumentError("--json goes with --dry-run");
      if (options.dryRun) return (await import("./dry-run-action.js")).printDryRun(options);
      const { reproduce } = await import("./reproduce-action.js");
      await reproduce(options);
    });
}
