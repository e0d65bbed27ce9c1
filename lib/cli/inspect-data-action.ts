/** What `agentbank inspect-data` prints. */
import { join } from "node:path";
import { loadTokenizer } from "../model/tokenizer";
import { summarizeRows } from "../training/inspect";
import { tokenRow, tokenRows } from "../training/mask";
import { showTokens, showTokensHtml } from "../training/viewer";
import { readTrajectories } from "../trajectory/files";
import { InputError } from "../util/errors";
import { ROOT } from "../util/files";
import type { InspectDataOptions } from "./inspect-data";

export async function inspectData(file: string, options: InspectDataOptions): Promise<void> {
  const tokenizer = loadTokenizer(options.model ?? join(ROOT, "data", "base"));
  const T = options.sequenceLength;
  const { trajectories, faults } = await readTrajectories(file);
  for (const fault of faults) console.error(fault);
  // What is sound is shown all the same.
  if (faults.length > 0) process.exitCode = 2;
  if (trajectories.length === 0) throw new InputError(`${file}: no trajectory could be read`);
  if (options.row !== undefined) {
    const trajectory = trajectories[options.row - 1];
    if (!trajectory)
      throw new InputError(`--row ${options.row}: ${file} has ${trajectories.length} sound rows`);
    const row = tokenRow(trajectory, tokenizer, T);
    console.log(options.html ? showTokensHtml(row, tokenizer) : showTokens(row, tokenizer));
    return;
  }

  const summary = summarizeRows(tokenRows(trajectories, tokenizer, T), T);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.log(`${file}: ${summary.rows} sound rows, ${summary.tokens} tokens; ${faults.length} faults`);
  console.log(`trained: ${percent(summary.trainedShare)} of the tokens`);
  console.log(`cut to ${T}: ${summary.cut.rows} rows, ${summary.cut.tokens} tokens lost`);
  console.log(`packed into ${T}: ${percent(summary.packing)} of the batch is text`);
  const most = Math.max(...summary.histogram.map((h) => h.rows));
  for (const { from, to, rows } of summary.histogram)
    console.log(
      `${`${from}–${to - 1}`.padStart(12)} ${String(rows).padStart(6)} ${"█".repeat((40 * rows) / most)}`,
    );
}
