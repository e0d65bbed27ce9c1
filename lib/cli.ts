/**
 * The command line, `agentbank COMMAND …`. A command is one file in lib/cli/ and one line below. Those files import
 * commander alone and load the rest inside their actions, so that `agentbank --help` stays instant.
 *
 * Exit codes: 0 done, 1 the program failed, 2 the input was wrong (each fault on its own line on stderr).
 */
import { Command, CommanderError } from "commander";
import { annotateCommand } from "./cli/annotate";
import { benchCommand } from "./cli/bench";
import { dataCommand } from "./cli/data";
import { doctorCommand } from "./cli/doctor";
import { evaluateCommand } from "./cli/evaluate";
import { galleryCommand } from "./cli/gallery";
import { inspectDataCommand } from "./cli/inspect-data";
import { labCommand } from "./cli/lab";
import { modelCommand } from "./cli/model";
import { notebookCommand } from "./cli/notebook";
import { preferCommand } from "./cli/prefer";
import { pretrainCommand } from "./cli/pretrain";
import { rateCommand } from "./cli/rate";
import { reproduceCommand } from "./cli/reproduce";
import { runsCommand } from "./cli/runs";
import { searchCommand } from "./cli/search";
import { serveCommand } from "./cli/serve";
import { serveEnvCommand } from "./cli/serve-env";
import { serveShopCommand } from "./cli/serve-shop";
import { setupCommand } from "./cli/setup";
import { sweepCommand } from "./cli/sweep";
import { tasksCommand } from "./cli/tasks";
import { teacherCommand } from "./cli/teacher";
import { trainCommand } from "./cli/train";
import { InputError, unknown } from "./util/errors";

/** Every command, in the order that the help lists them. */
const commands: readonly (() => Command)[] = [
  setupCommand,
  doctorCommand,
  labCommand,
  reproduceCommand,
  notebookCommand,
  galleryCommand,
  sweepCommand,
  runsCommand,
  tasksCommand,
  dataCommand,
  searchCommand,
  annotateCommand,
  inspectDataCommand,
  trainCommand,
  preferCommand,
  evaluateCommand,
  rateCommand,
  modelCommand,
  pretrainCommand,
  teacherCommand,
  serveCommand,
  serveEnvCommand,
  serveShopCommand,
  benchCommand,
];

function createProgram(): Command {
  const program = new Command("agentbank")
    .description("Annotate agent trajectories, train on them, evaluate, and draw every table and figure.")
    .option("--debug", "print the stack of every error")
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  for (const command of commands) program.addCommand(inherit(command(), program));
  program.on("command:*", ([name]: string[]) => {
    throw unknown(
      "command",
      name!,
      program.commands.map((c) => c.name()),
    );
  });
  return program;
}

/** Commander hands its settings only to commands that it makes itself; ours come ready-made. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}

/** Tells the user what went wrong, and gives the exit code. */
function report(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0 && error.code !== "commander.help")
      console.error(error.message.replace(/^error: /, ""));
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof InputError) {
    for (const fault of error.faults) console.error(fault);
    if (debug) console.error(error.stack);
    return 2;
  }
  console.error(error instanceof Error && debug ? error.stack : String(error));
  if (!debug) console.error("(agentbank --debug … prints the stack)");
  return 1;
}

/** Runs one command line, without `node` and the script's name in front, and gives its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, program.opts().debug === true);
  }
}
