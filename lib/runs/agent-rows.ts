/** The agent's side of what a training reads. */
import { join } from "node:path";
import { formed } from "../mechanisms/forms";
import { reflexionRows } from "../mechanisms/reflexion-rows";
import { loadConfig } from "../model/checkpoint";
import { loadTokenizer } from "../model/tokenizer";
import { tokenRow } from "../training/mask";
import type { Trajectory } from "../trajectory/schema";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";
import { checkpointFolder, readExplored, readSlice } from "./read";
import type { TrainSpec } from "./spec";

/** What is trained on of the bank and of explorations, in the form that is asked for; `forms.json` tells of the rest. */
export async function agentRows(spec: TrainSpec, out: string): Promise<Trajectory[]> {
  const rows: Trajectory[] = [];
  const counts: object[] = [];
  for (const slice of spec.agent) {
    const trajectories = await readSlice(slice);
    if (slice.form === undefined) rows.push(...trajectories);
    else {
      const found = formed(slice.form, trajectories);
      rows.push(...found.rows);
      const { form, from } = slice;
      const counted = { trajectories: trajectories.length, rows: found.rows.length, faults: found.faults };
      counts.push({ task: from.instances.task, form, ...counted });
    }
  }
  const pairs = await readExplored(spec.reflections ?? []);
  if (pairs.length > 0) {
    const found = fitting(pairs.flatMap(reflexionRows), spec);
    rows.push(...found.rows);
    counts.push({ form: "reflections", pairs: pairs.length, rows: found.rows.length, faults: found.faults });
  }
  if (counts.length > 0) writeAtomic(join(out, "forms.json"), `${JSON.stringify(counts, null, 2)}\n`);
  return rows;
}

/** Rows without those that a training could not take: a reflection behind too long an episode. */
function fitting(rows: readonly Trajectory[], { base, settings }: TrainSpec) {
  const folder = checkpointFolder(base);
  const tokenizer = loadTokenizer(folder);
  const longest = Math.min(settings.sequenceLength, loadConfig(folder).max_position_embeddings);
  const kept: Trajectory[] = [];
  const faults: string[] = [];
  for (const row of rows)
    try {
      tokenRow(row, tokenizer, longest, settings.labels);
      kept.push(row);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.faults);
    }
  return { rows: kept, faults };
}
