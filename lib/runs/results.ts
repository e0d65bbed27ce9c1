/** What finished runs came to, in a few numbers with their intervals. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AnnotationSummary } from "../annotate/annotate";
import { bootstrapDifference, bootstrapMean, type Interval } from "../evaluation/bootstrap";
import type { Judgement } from "../evaluation/judge";
import { type Preference, preferences } from "../evaluation/matched";
import type { EvaluationSummary } from "../evaluation/runner";
import type { TableRow } from "../report/cell";
import type { PreferSummary } from "../training/prefer";
import type { TrainSummary } from "../training/train";
import { readJsonl } from "../util/jsonl";
import { readJson, type StoredRun } from "./inventory";

/** By name; empty before the run is done. */
export async function resultsOf({ folder, spec, status }: StoredRun): Promise<TableRow> {
  if (status !== "done") return {};
  if (spec.kind === "evaluate" || spec.kind === "explore") return ofEvaluation(folder);
  if (spec.kind === "prefer") return ofPreference(folder);
  if (spec.kind === "train") return ofTraining(folder);
  if (spec.kind === "judge") return ofJudging(folder);
  if (spec.kind === "annotate") return ofAnnotation(folder);
  return {};
}

function ofEvaluation(folder: string): TableRow {
  const summary = readJson<EvaluationSummary>(join(folder, "summary.json"));
  if (!summary) return {};
  const { score, metric, instances, meanSteps, endings, usage } = summary;
  return {
    [`${metric}, points`]: bounds(score),
    episodes: instances,
    "mean steps": meanSteps,
    ...Object.fromEntries(Object.entries(endings).map(([ending, count]) => [`ended: ${ending}`, count])),
    "completion tokens": usage.completionTokens,
  };
}

async function ofTraining(folder: string): Promise<TableRow> {
  const summary = readJson<TrainSummary>(join(folder, "train.json"));
  if (!summary) return {};
  const steps = await readRows<{ loss: number }>(join(folder, "metrics.jsonl"));
  const losses = steps.map(({ loss }) => loss);
  const tail = losses.slice(-Math.ceil(losses.length / 10));
  return {
    // As the training itself tells it: the mean over the last tenth of the steps.
    "final loss": tail.length > 0 ? bounds(bootstrapMean([tail])) : summary.finalLoss,
    "held-out loss": summary.best?.loss ?? null,
    steps: summary.steps,
    "tokens read": summary.tokens,
    "tokens trained": summary.trained,
  };
}

function ofPreference(folder: string): TableRow {
  const summary = readJson<PreferSummary>(join(folder, "train.json"));
  if (!summary) return {};
  const { loss, margin, accuracy, pairs, steps, tokens } = summary;
  return {
    "final loss": loss,
    margin,
    "right way round, %": 100 * accuracy,
    pairs,
    steps,
    "tokens read": tokens,
  };
}

function ofAnnotation(folder: string): TableRow {
  const summary = readJson<AnnotationSummary>(join(folder, "summary.json"));
  if (!summary) return {};
  const { instances, trajectories, byStrategy, usage } = summary;
  const kept = Array.from({ length: instances }, (_, i) => (i < trajectories ? 100 : 0));
  return {
    trajectories,
    "yield, %": instances > 0 ? bounds(bootstrapMean([kept])) : null,
    ...Object.fromEntries(Object.entries(byStrategy).map(([name, count]) => [`by ${name}`, count])),
    "teacher's calls": usage.calls,
    "cost, $": usage.cost,
  };
}

async function ofJudging(folder: string): Promise<TableRow> {
  const verdicts = (await readRows<Judgement>(join(folder, "judgements.jsonl"))).map(
    ({ verdict }) => verdict,
  );
  const count = (preference: Preference) => verdicts.filter((verdict) => verdict === preference).length;
  return {
    "pairs judged": verdicts.length,
    ...Object.fromEntries(preferences.map((preference) => [preference, count(preference)])),
  };
}

/** The score of b − a in points, paired by instance; null where they did not play the same instances. */
export async function pairedGain(a: StoredRun, b: StoredRun): Promise<Interval | null> {
  const [first, second] = await Promise.all(
    [a, b].map(({ folder }) => readRows<Played>(join(folder, "episodes.jsonl"))),
  );
  const names = (rows: readonly Played[]) =>
    JSON.stringify(rows.map(({ task, instance }) => [task, instance]));
  if (first!.length === 0 || names(first!) !== names(second!)) return null;
  const points = (rows: readonly Played[]) => [rows.map(({ reward }) => 100 * reward)];
  return bootstrapDifference(points(second!), points(first!));
}

interface Played {
  task: string;
  instance: string;
  reward: number;
}

async function readRows<T>(path: string): Promise<T[]> {
  const rows: T[] = [];
  if (existsSync(path))
    for await (const row of readJsonl(path)) if ("value" in row) rows.push(row.value as T);
  return rows;
}

const bounds = ({ mean, low, high }: Interval) => ({ mean, low, high });
