import { Command } from "commander";

/** `agentbank lab`: JupyterLab on the notebooks, with the kit's kernel and no other. */
export function labCommand(): Command {
  return new Command("lab")
    .description("open the notebooks in JupyterLab, with the TypeScript kernel")
    .option("--port <number>", "port to listen on (default: a free one from 8888)")
    .option("--no-browser", "print the address instead of opening a browser")
    .action(async (options: { port?: string; browser: boolean }) => {
      const { startLab } = await import("../setup/lab.js");
      process.exitCode = await startLab(options);
    });
}
