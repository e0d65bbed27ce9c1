import { join } from "node:path";
import { claimRows, writeClaims } from "../experiments/claims";
import { notebookOrder } from "../experiments/index";
import { describeFailure, runNotebooks } from "../notebook/run";
import { tellEvents } from "../notebook/tell";
import { writeIndex } from "../report/index-page";
import { ROOT } from "../util/files";
import { presetFlag } from "./preset-flag";

/** What `agentbank reproduce` does. Apart from the command, so that `--help` loads none of it. */
export async function reproduce(options: {
  preset: string;
  only?: string[];
  timeout: number;
}): Promise<void> {
  const start = performance.now();
  const { preset, parameters } = presetFlag(options.preset);
  const results = await runNotebooks(options.only ?? notebookOrder, {
    preset,
    parameters,
    timeout: options.timeout,
    onEvent: tellEvents(),
  });
  const failed = results.filter((r) => r.failure);
  for (const { notebook, failure } of failed) console.error(describeFailure(notebook, failure!));
  const folder = join(ROOT, "figures", preset);
  const page = writeIndex(folder, preset, claimRows(folder));
  const claims = writeClaims(folder, preset);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${results.length - failed.length} of ${results.length} notebooks executed in ${seconds} s\n${page}\n${claims}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}
