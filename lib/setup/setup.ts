/** `agentbank setup`: the same as `node bin/setup.cjs`, which also runs where nothing is installed yet. */
import { join } from "node:path";
import { ROOT } from "../util/files";

export interface SetUpOptions {
  /** Prints only what is done. Default false. */
  quiet?: boolean;
  /** Adds the GPU's parts even where no GPU is seen. Default false. */
  gpu?: boolean;
}

/** Adds what is missing and gives the exit code: 1 where a required part could not be added. */
export const { setUp } = require(join(ROOT, "bin", "setup.cjs")) as { setUp(options: SetUpOptions): number };
