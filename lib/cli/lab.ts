import { Command } from "commander";
import { wholeNumber } from "./numbers";

/** `agentbank lab`: JupyterLab on the notebooks, with the kit's kernel and no other. */
export function labCommand(): Command {
  return new Command("lab")
    .description("open the notebooks in JupyterLab, with the TypeScript kernel")
    .option("--port <n>", "port to listen on (default: a free one from 8888)", wholeNumber)
    .option("--no-browser", "print the address instead of opening a browser")
    .action(async (options: { port?: number; browser: boolean }) => {
      const { startLab } = await import("../setup/lab.js");
      process.exitCode = await startLab(options);
    });
}
