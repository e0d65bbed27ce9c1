/** Plays every episode of a task and keeps the whole log. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Ending, type Episode, endings, type Play, runEpisode } from "../agent";
import { addUsage, type LanguageModel } from "../llm/client";
import { retried } from "../llm/retried";
import type { Instance, Task } from "../tasks/task";
import type { Usage } from "../trajectory/schema";
import { mapConcurrent } from "../util/concurrent";
import { writeAtomic } from "../util/files";
import { appendJsonl, readJsonl, writeJsonl } from "../util/jsonl";
import { score } from "./aggregate";
import { type Interval, mean } from "./bootstrap";

export interface EvaluateOptions<I extends Instance = Instance> {
  task: Task<I>;
  /** No two with one id. */
  instances: readonly I[];
  model: LanguageModel;
  /** How an episode is played. Default: the ReAct loop. */
  play?: Play;
  /** 1 puts the task's example into the prompt, as the paper does. */
  shots: 0 | 1;
  /** False asks the agent for actions alone. Default true. */
  thoughts?: boolean;
  /** Folder of the log. Without it nothing is written. */
  out?: string;
  /** Episodes at once. Default: all of them for a model that keeps sessions and so batches them, else 16. */
  concurrency?: number;
  /** Default: the task's own. */
  maxSteps?: number;
  /** Completion tokens of one step. Default: the client's own. */
  maxTokens?: number;
  /** Default 0, greedy. */
  temperature?: number;
  /** Of the first step; each later step has the next. Default 0. */
  seed?: number;
  /** Tries of one model call. Default 3. */
  tries?: number;
  onProgress?: (done: number, total: number) => void;
}

export interface EvaluationSummary {
  version: 1;
  task: string;
  metric: string;
  model: string;
  /** True where the kit's simulated teacher played. */
  simulated: boolean;
  shots: 0 | 1;
  instances: number;
  /** The task's metric, 100 times the mean reward, with its 95 % bootstrap interval. */
  score: Interval;
  /** Episodes by how they ended; every ending is listed. */
  endings: Record<Ending, number>;
  meanSteps: number;
  usage: Usage;
}

export interface Evaluation {
  /** In the order of the instances. */
  episodes: Episode[];
  summary: EvaluationSummary;
}

const API_CONCURRENCY = 16;

/**
 * One episode an instance. In `out`: `episodes.jsonl`, each whole, in instance order; `summary.json`; and
 * `timings.jsonl`, the seconds of each episode in the order of their ends. The first two hold no clock, so equal
 * evaluations give equal bytes.
 *
 * Episodes are logged as they end, to `playing.jsonl`; those found there, or in `episodes.jsonl`, are read and not
 * played again. Whoever names the folder sees to it that it is of the same model and settings.
 *
 * @throws the model's error after the last try, once the episodes in flight are logged: called again, it goes on
 */
export async function evaluate<I extends Instance>(options: EvaluateOptions<I>): Promise<Evaluation> {
  const { task, instances, out, onProgress, play = runEpisode } = options;
  if (instances.length === 0) throw new RangeError(`evaluation of ${task.name}: no instances`);
  const playing = out && join(out, "playing.jsonl");
  const finished = new Map<string, Episode>();
  if (out)
    for (const file of ["episodes.jsonl", "playing.jsonl"]) await readEpisodes(join(out, file), finished);

  const todo = instances.filter(({ id }) => !finished.has(id));
  let done = instances.length - todo.length;
  const model = retried(options.model, options.tries ?? 3);
  const concurrency = options.concurrency ?? (model.release ? instances.length : API_CONCURRENCY);
  await mapConcurrent(todo, concurrency, async (instance) => {
    const start = performance.now();
    const session = `${task.name}/${instance.id}`;
    const episode = await play({ ...options, seed: options.seed ?? 0, instance, model, session });
    if (playing) appendJsonl(playing, episode);
    const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
    if (out) appendJsonl(join(out, "timings.jsonl"), { instance: instance.id, seconds });
    finished.set(instance.id, episode);
    onProgress?.(++done, instances.length);
  });

  const episodes = instances.map(({ id }) => finished.get(id)!);
  const summary = summarize(options, episodes);
  if (out && playing) {
    writeJsonl(join(out, "episodes.jsonl"), episodes);
    writeAtomic(join(out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
    rmSync(playing, { force: true });
  }
  return { episodes, summary };
}

/** Adds a log's episodes. The line that a kill cut short is of an episode that will be played again. */
async function readEpisodes(path: string, into: Map<string, Episode>): Promise<void> {
  if (!existsSync(path)) return;
  const read: Episode[] = [];
  for await (const row of readJsonl(path)) if (row.reason === undefined) read.push(row.value as Episode);
  for (const episode of read) into.set(episode.instance, episode);
  // What is appended next must begin on a line of its own.
  writeJsonl(path, read);
}

function summarize<I extends Instance>(
  { task, model, shots }: EvaluateOptions<I>,
  episodes: readonly Episode[],
): EvaluationSummary {
  const count = (ending: Ending) => episodes.filter((e) => e.ending === ending).length;
  return {
    version: 1,
    task: task.name,
    metric: task.metric,
    model: model.name,
    simulated: model.simulated,
    shots,
    instances: episodes.length,
    score: score(episodes.map((e) => e.reward)),
    endings: Object.fromEntries(endings.map((e) => [e, count(e)])) as Record<Ending, number>,
    meanSteps: mean(episodes.map((e) => e.steps)),
    usage: addUsage(...episodes.map((e) => e.usage)),
  };
}
