import { Command } from "commander";

/** `agentbank setup`: adds what is missing of the parts that set-up can add. */
export function setupCommand(): Command {
  return new Command("setup")
    .description("add what is missing: packages, compiled lib, Python venv, kernel, native TensorFlow")
    .option("--quiet", "print only what is done", false)
    .option("--gpu", "build TensorFlow for NVIDIA GPUs even where none is seen", false)
    .action(async (options: { quiet: boolean; gpu: boolean }) => {
      const { setUp } = await import("../setup/setup.js");
      process.exitCode = setUp(options);
    });
}
