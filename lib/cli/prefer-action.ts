/** What `agentbank prefer` does: pairs, and then the training. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Episode } from "../agent";
import { pairsOf } from "../mechanisms/pairs";
import { dataPath } from "../sources/resolve";
import { prefer } from "../training/prefer";
import { trainingProgress } from "../training/progress";
import { readTrajectories } from "../trajectory/files";
import { type Pair, writePairs } from "../trajectory/pairs";
import { InputError } from "../util/errors";
import { readJsonl } from "../util/jsonl";
import type { PreferCommandOptions } from "./prefer";
import { parseSetting } from "./train-config";

export async function runPrefer(options: PreferCommandOptions): Promise<void> {
  const { model, out, threads, set } = options;
  checkSources(options);
  const settings = Object.fromEntries(set.map(parseSetting));
  const pairs = options.pairs ?? (await explored(options));
  const progress = trainingProgress("prefer");
  try {
    const summary = await prefer({ ...settings, model, pairs, out, threads, onStep: progress.onStep });
    if (typeof pairs !== "string") writePairs(join(out, "pairs.jsonl"), pairs);
    console.log(
      `${out}: ${summary.pairs} pairs, ${summary.steps} steps, loss ${summary.loss.toFixed(4)}, ` +
        `${Math.round(100 * summary.accuracy)} % the right way round` +
        `${summary.cut > 0 ? `, ${summary.cut} rows cut` : ""}`,
    );
  } finally {
    progress.stop();
  }
}

function checkSources({ model, pairs, agent, explored }: PreferCommandOptions): void {
  const faults: string[] = [];
  if (!existsSync(join(model, "config.json"))) faults.push(`no model "${model}": give a checkpoint folder`);
  if (pairs !== undefined ? agent !== undefined || explored !== undefined : !agent || !explored)
    faults.push("give --pairs FILE, or both --agent BANK and --explored FOLDERS");
  for (const folder of explored ?? [])
    if (!existsSync(join(folder, "episodes.jsonl")))
      faults.push(
        `no episodes in "${folder}": agentbank evaluate --split train writes them, a folder a task`,
      );
  if (faults.length > 0) throw new InputError(faults);
}

/** Pairs of the bank's trajectories and the episodes in the logs. */
async function explored({ model, agent, explored }: PreferCommandOptions): Promise<Pair[]> {
  const { trajectories, faults } = await readTrajectories(dataPath(agent!));
  if (faults.length > 0) throw new InputError(faults);
  const episodes: Episode[] = [];
  for (const folder of explored!)
    for await (const row of readJsonl(join(folder, "episodes.jsonl"))) {
      if (row.reason !== undefined)
        throw new InputError(`${folder}/episodes.jsonl:${row.line}: ${row.reason}`);
      episodes.push(row.value as Episode);
    }
  const pairs = pairsOf(trajectories, episodes, model);
  if (pairs.length === 0)
    throw new InputError(
      `no pairs of ${trajectories.length} trajectories and ${episodes.length} episodes: none is of one instance with an unequal reward and the same prompt (see --shots)`,
    );
  return pairs;
}
