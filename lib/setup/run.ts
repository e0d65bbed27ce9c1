/** Running other programs while setting up. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "../util/files";

/**
 * Runs a command to its end, by default in the repository's root. Throws its last lines where it fails.
 * Set-up needs this before any TypeScript runs, so it lives beside the set-up script.
 */
export const { execute } = require(join(ROOT, "bin", "bootstrap.cjs")) as {
  execute(
    command: string,
    args: readonly string[],
    options?: { cwd?: string; env?: NodeJS.ProcessEnv },
  ): void;
};

/** The path of the first of these programs that PATH has, or null. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
