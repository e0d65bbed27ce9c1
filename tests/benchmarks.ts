import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Real files in the official formats: the folder AGENTBANK_BENCHMARKS, or ../shared/benchmarks beside the repository. */
const folder = process.env["AGENTBANK_BENCHMARKS"] ?? resolve(__dirname, "..", "..", "shared", "benchmarks");

/** The absolute path of a file or folder in it, or null where it is absent; tests then skip and say so. */
export function benchmarks(path: string): string | null {
  const absolute = join(folder, path);
  return existsSync(absolute) ? absolute : null;
}
