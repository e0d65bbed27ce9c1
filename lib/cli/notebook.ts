import { Command, InvalidArgumentError, Option } from "commander";
import type { ExportFlags } from "./notebook-export-action";
import { seconds } from "./numbers";

interface RunFlags {
  preset: string;
  parameter: Record<string, unknown>;
  timeout: number;
  json: boolean;
  from?: string;
  out?: string;
}

/** `-p seeds=3 -p name=x`: values are JSON where they parse as such, else text. */
function collect(text: string, parameters: Record<string, unknown>): Record<string, unknown> {
  const [, name, value] = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Not key=value.");
  try {
    return { ...parameters, [name]: JSON.parse(value) };
  } catch {
    return { ...parameters, [name]: value };
  }
}

/** `agentbank notebook run`, `export` and `check`. */
export function notebookCommand(): Command {
  const command = new Command("notebook").description("execute notebooks headless, or check their types");
  command
    .command("run")
    .description("execute notebooks; the executed copies go to figures/PRESET/notebooks/")
    .argument("[names...]", "which notebooks (default: all)")
    .option("--preset <name>", "size of the experiments: a name in configs/, or a YAML file", "mini")
    .option("-p, --parameter <key=value>", "set a parameter of the notebooks; may be repeated", collect, {})
    .option("--timeout <seconds>", "most time for a cell; 0 is no limit", seconds, 0)
    .option("--json", "print one JSON object a cell event", false)
    .option("--from <folder>", "where the notebooks are (default: notebooks/)")
    .option("--out <folder>", "where the executed copies go instead")
    .action(run);
  command
    .command("export")
    .description("executed notebooks as HTML pages or PDF, beside them in figures/PRESET/notebooks/")
    .argument("[names...]", "which notebooks (default: all that were executed)")
    .addOption(new Option("--to <format>", "html or pdf").choices(["html", "pdf"]).default("html"))
    .option("--preset <name>", "of which preset: a name in configs/, or a YAML file", "mini")
    .option("--out <folder>", "where they go instead")
    .action(async (names: string[], flags: ExportFlags) => {
      const { exportNotebooks } = await import("./notebook-export-action.js");
      await exportNotebooks(names, flags);
    });
  command
    .command("check")
    .description("type-check all cells without running them")
    .argument("[names...]", "which notebooks (default: all)")
    .option("--from <folder>", "where the notebooks are (default: notebooks/)")
    .action(check);
  return command;
}

async function run(names: string[], flags: RunFlags): Promise<void> {
  const { notebookNames } = await import("../notebook/notebook.js");
  const { describeFailure, runNotebooks } = await import("../notebook/run.js");
  const { tellEvents } = await import("../notebook/tell.js");
  const { presetFlag } = await import("./preset-flag.js");
  const { preset, parameters } = presetFlag(flags.preset);
  const results = await runNotebooks(names.length > 0 ? names : notebookNames(flags.from), {
    preset,
    parameters: { ...parameters, ...flags.parameter },
    timeout: flags.timeout,
    folder: flags.from,
    target: flags.out,
    onEvent: flags.json ? (event) => console.log(JSON.stringify(event)) : tellEvents(),
  });
  for (const { notebook, failure } of results) {
    if (!failure) continue;
    console.error(describeFailure(notebook, failure));
    process.exitCode = 1;
  }
}

async function check(names: string[], { from }: { from?: string }): Promise<void> {
  const { join } = await import("node:path");
  const { NOTEBOOKS, notebookNames, requireNotebooks } = await import("../notebook/notebook.js");
  const { checkNotebooks, describeFault } = await import("../notebook/check.js");
  requireNotebooks(names, from);
  const chosen = names.length > 0 ? names : notebookNames(from);
  const faults = checkNotebooks(chosen.map((name) => join(from ?? NOTEBOOKS, `${name}.ipynb`)));
  for (const fault of faults) console.error(describeFault(fault));
  if (faults.length > 0) process.exitCode = 1;
  else console.log(`${chosen.length} notebooks checked: no faults`);
}
