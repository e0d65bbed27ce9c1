import { Command } from "commander";

export interface ListOptions {
  preset?: string;
  kind?: string;
  json: boolean;
}

export interface ExplainOptions {
  preset: string;
  json: boolean;
}

export interface CleanOptions {
  preset?: string[];
  only?: string[];
  yes: boolean;
  dryRun: boolean;
  json: boolean;
}

/** `agentbank runs`: what was computed, why something would be, and what can go. */
export function runsCommand(): Command {
  const command = new Command("runs").description(
    "what was computed, why something would be, and what can go",
  );
  command
    .command("list")
    .description(
      "the runs in data/runs (or AGENTBANK_RUNS): what each is, its state, size and versions, what uses it",
    )
    .option("--preset <name>", "those that the experiments of this preset use, those to come included")
    .option("--kind <kind>", "annotate, scratch, train or evaluate")
    .option("--json", "print the same as JSON, with the specs", false)
    .action(async (options: ListOptions) => (await import("./runs-list.js")).listRuns(options));
  command
    .command("explain")
    .description("what determines a run, what it depends on, and why it would be computed again")
    .argument("<what>", "a run (its name or the beginning of its hash), or an experiment")
    .option("--preset <name>", "whose experiments: a name in configs/, or a YAML file", "mini")
    .option("--json", "print the same as JSON", false)
    .action(async (what: string, options: ExplainOptions) =>
      (await import("./runs-explain.js")).explain(what, options),
    );
  command
    .command("compare")
    .description("two runs side by side: where their specs differ, and what they came to")
    .argument("<a>", "a run: its name or the beginning of its hash")
    .argument("<b>", "another one")
    .option("--json", "print the same as JSON", false)
    .action(async (a: string, b: string, options: { json: boolean }) =>
      (await import("./runs-compare.js")).compareRuns(a, b, options),
    );
  command
    .command("clean")
    .description(
      "delete runs that failed, that were not finished, or that no preset named uses; lists them without --yes",
    )
    .option("--preset <names...>", "done runs that none of these presets uses go, too")
    .option("--only <kinds...>", "these alone: failed, unfinished, unused")
    .option("--yes", "delete them", false)
    .option("--dry-run", "list them and delete nothing, which is what it does without --yes", false)
    .option("--json", "print the same as JSON", false)
    .action(async (options: CleanOptions) => (await import("./runs-clean.js")).cleanRuns(options));
  return command;
}
