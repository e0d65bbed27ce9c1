import { join, resolve } from "node:path";
import { experiments } from "../experiments/index";
import { loadPreset } from "../experiments/preset";
import { describeFailure, runNotebooks } from "../notebook/run";
import { tellEvents } from "../notebook/tell";
import { writeIndex } from "../report/index-page";
import { ROOT } from "../util/files";

/** The opening notebook comes first; the others follow the order of the experiments. */
const notebooks = ["quickstart", ...experiments.map((e) => e.name)];

/** What `agentbank reproduce` does. Apart from the command, so that `--help` loads none of it. */
export async function reproduce(options: {
  preset: string;
  only?: string[];
  timeout: number;
}): Promise<void> {
  const start = performance.now();
  const preset = loadPreset(options.preset);
  const results = await runNotebooks(options.only ?? notebooks, {
    preset: preset.name,
    // A preset of the user's own is read from its file by the notebooks, too.
    parameters: options.preset.endsWith(".yaml") ? { preset: resolve(options.preset) } : {},
    timeout: options.timeout,
    onEvent: tellEvents(),
  });
  const failed = results.filter((r) => r.failure);
  for (const { notebook, failure } of failed) console.error(describeFailure(notebook, failure!));
  const page = writeIndex(join(ROOT, "figures", preset.name), preset.name);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${results.length - failed.length} of ${results.length} notebooks executed in ${seconds} s\n${page}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}
