import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { claimRows, writeClaims } from "../experiments/claims";
import { notebookOrder } from "../experiments/index";
import { loadPreset } from "../experiments/preset";
import { describeFailure, runNotebooks } from "../notebook/run";
import { tellEvents } from "../notebook/tell";
import { readSidecars, writeIndex } from "../report/index-page";
import { ROOT } from "../util/files";
import { hashOf } from "../util/hash";
import { presetFlag } from "./preset-flag";

export interface ReproduceFlags {
  preset: string;
  only?: string[];
  timeout: number;
  jobs?: number;
  again: boolean;
}

/** What `agentbank reproduce` does. Apart from the command, so that `--help` loads none of it. */
export async function reproduce(options: ReproduceFlags): Promise<void> {
  const start = performance.now();
  const { preset, parameters } = presetFlag(options.preset);
  const config = hashOf(loadPreset(options.preset));
  const folder = join(ROOT, "figures", preset);
  const results = await runNotebooks(options.only ?? notebookOrder, {
    preset,
    parameters,
    timeout: options.timeout,
    // Much of a notebook is one thread's work, and two that need the same run wait for each other.
    jobs: options.jobs ?? Math.min(2, availableParallelism()),
    ...(options.again ? {} : { reuse: { config, files: (notebook) => filesOf(notebook, folder) } }),
    onEvent: tellEvents(),
    onResult({ notebook, reused }) {
      if (reused) console.log(`${notebook}: as it was executed`);
      else writeIndex(folder, preset, claimRows(folder));
    },
  });
  const failed = results.filter((r) => r.failure);
  for (const { notebook, failure } of failed) console.error(describeFailure(notebook, failure!));
  const page = writeIndex(folder, preset, claimRows(folder));
  const claims = writeClaims(folder, preset);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const executed = results.filter((r) => !r.failure && !r.reused).length;
  const kept = results.filter((r) => r.reused).length;
  console.log(
    `${executed} of ${results.length} notebooks executed, ${kept} as they were, in ${seconds} s\n${page}\n${claims}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

/** What a notebook left in the folder of figures, relative to the repository. */
function filesOf(notebook: string, folder: string): string[] {
  const own = readSidecars(folder).filter((s) => s.notebook === `notebooks/${notebook}.ipynb`);
  return own.flatMap(({ name, files }) =>
    [`${name}.json`, ...Object.values(files)].map((file) => relative(ROOT, join(folder, file))),
  );
}
