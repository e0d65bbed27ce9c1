/** What finished runs left, as the stages after them want it. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Episode } from "../agent";
import type { AnnotationSummary } from "../annotate/annotate";
import type { AbilityScore } from "../evaluation/ability";
import type { Judgement } from "../evaluation/judge";
import { type MatchedPair, pairUp } from "../evaluation/matched";
import { dataPath } from "../sources/resolve";
import { selectInstances } from "../tasks/instances";
import { getTask } from "../tasks/registry";
import type { Instance, Task } from "../tasks/task";
import { withoutThoughts } from "../tasks/without-thoughts";
import { generateInstructions } from "../training/instruct";
import { readTrajectories, streamTrajectories } from "../trajectory/files";
import { type Pair, readPairs } from "../trajectory/pairs";
import type { Trajectory } from "../trajectory/schema";
import { InputError } from "../util/errors";
import { ROOT } from "../util/files";
import { sha256 } from "../util/hash";
import { readJsonl } from "../util/jsonl";
import type {
  AbilitySpec,
  AnnotateSpec,
  ConversationTest,
  EvaluateSpec,
  ExploreSpec,
  InstructSource,
  JudgeSpec,
  MatchSource,
  ModelSpec,
  TrajectorySlice,
} from "./spec";
import { runFolder } from "./store";

/** Every trajectory of an annotation, in instance order. */
export async function readBank(spec: AnnotateSpec): Promise<Trajectory[]> {
  const { trajectories, faults } = await readTrajectories(join(runFolder(spec), "trajectories.jsonl"), {
    format: "kit",
  });
  if (faults.length > 0) throw new InputError(faults);
  return trajectories;
}

/** The pairs of a source, in instance order. */
export async function readMatched({ first, second, strategy, count }: MatchSource): Promise<MatchedPair[]> {
  const ofStrategy = (await readBank(first)).filter(
    ({ provenance }) => strategy === null || provenance.strategy === strategy,
  );
  return pairUp(ofStrategy, await readBank(second)).slice(0, count);
}

/** What the judge said of the pairs that differ. */
export async function readJudgements(spec: JudgeSpec): Promise<Judgement[]> {
  return (await readRows(join(runFolder(spec), "judgements.jsonl"))) as Judgement[];
}

/** SHA-256 of the trajectories of an annotation. */
export function readBankHash(spec: AnnotateSpec): string {
  return sha256(readFileSync(join(runFolder(spec), "trajectories.jsonl")));
}

export function readAnnotationSummary(spec: AnnotateSpec): AnnotationSummary {
  return JSON.parse(readFileSync(join(runFolder(spec), "summary.json"), "utf8"));
}

/** The trajectories of a slice. Throws InputError where the annotation yielded fewer than it asks for. */
export async function readSlice({
  from,
  start,
  count,
  most,
  thoughts,
}: TrajectorySlice): Promise<Trajectory[]> {
  const all = await readBank(from);
  const end = start + (count ?? Math.min(most ?? all.length, Math.max(1, all.length - start)));
  if (all.length < end)
    throw new InputError(
      `${from.instances.task}: ${all.length} trajectories of ${from.instances.count} instances, ` +
        `and ${end} are needed: annotate more instances`,
    );
  const taken = all.slice(start, end);
  const task = getTask(from.instances.task);
  return thoughts === false ? Promise.all(taken.map((t) => withoutThoughts(task, t))) : taken;
}

/** The conversations of a source, generated or read; none for null. */
export async function readInstructions(source: InstructSource | null): Promise<Trajectory[]> {
  if (!source) return [];
  const { kind, count, seed, file } = source;
  return file === undefined
    ? generateInstructions(kind, count, seed)
    : readConversations(file, kind, 0, count);
}

/** Conversations that no training reads. Throws InputError where the file has none behind those trained on. */
export async function readHeldOut(test: ConversationTest): Promise<Trajectory[]> {
  const { kind, count, seed, file, after } = test;
  if (file === undefined) return generateInstructions(kind, count, seed, "test");
  const read = await readConversations(file, kind, after, count);
  if (read.length === 0) throw new InputError(`${file}: no conversation behind the first ${after}`);
  return read;
}

async function readConversations(file: string, task: string, after: number, count: number) {
  const trajectories: Trajectory[] = [];
  let row = 0;
  for await (const read of streamTrajectories(dataPath(file), { task })) {
    if ("faults" in read) throw new InputError(read.faults);
    if (++row > after && trajectories.push(read.trajectory) === count) break;
  }
  return trajectories;
}

/** Folder of the checkpoint: a base model's own, or the one that a run left. */
export function checkpointFolder(model: ModelSpec): string {
  return model.kind === "base" ? resolve(ROOT, model.folder) : runFolder(model);
}

/** The instances that an evaluation plays, and their task. */
export async function instancesBehind(
  source: EvaluateSpec["instances"],
): Promise<{ task: Task; instances: Instance[] }> {
  if (!("from" in source)) return { task: getTask(source.task), instances: await selectInstances(source) };
  const ids = new Set((await readSlice(source)).map((t) => t.instance));
  const all = await selectInstances(source.from.instances);
  return { task: getTask(source.from.instances.task), instances: all.filter((i) => ids.has(i.id)) };
}

/** The pairs of explorations. */
export async function readExplored(specs: readonly ExploreSpec[]): Promise<Pair[]> {
  return (await Promise.all(specs.map((spec) => readPairs(join(runFolder(spec), "pairs.jsonl"))))).flat();
}

/** The scores of a test of abilities, in the order of its questions. */
export async function readAbility(spec: AbilitySpec): Promise<AbilityScore[]> {
  return (await readRows(join(runFolder(spec), "scores.jsonl"))) as AbilityScore[];
}

/** The episodes of an evaluation or an exploration, in instance order. */
export async function readEpisodes(spec: EvaluateSpec | ExploreSpec): Promise<Episode[]> {
  return (await readRows(join(runFolder(spec), "episodes.jsonl"))) as Episode[];
}

/** The rows that a run wrote, which are all sound, or the run's file was changed. */
async function readRows(path: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const row of readJsonl(path)) {
    if (row.reason !== undefined) throw new InputError(`${path}:${row.line}: ${row.reason}`);
    values.push(row.value);
  }
  return values;
}

/** The rewards of an evaluation, in instance order. */
export async function readRewards(spec: EvaluateSpec): Promise<number[]> {
  return (await readEpisodes(spec)).map((e) => e.reward);
}
