import { Command } from "commander";

/** `agentbank doctor`: what is there, what each part is for, and the command that adds what is missing. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("tell which parts are there, what each is for, and how to add the missing ones")
    .option("--json", "print the same as JSON", false)
    .action(async (options: { json: boolean }) => {
      const { diagnose, printDiagnosis } = await import("../setup/doctor.js");
      const diagnosis = diagnose();
      console.log(options.json ? JSON.stringify(diagnosis, null, 2) : printDiagnosis(diagnosis));
      if (diagnosis.some((d) => d.required && !d.found)) process.exitCode = 1;
    });
}
