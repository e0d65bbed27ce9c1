/** Annotates the instances of one task: each strategy in turn until one yields a trajectory. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { addUsage } from "../llm/client";
import type { Instance } from "../tasks/task";
import { type Strategy, type Trajectory, type Usage, usageSchema } from "../trajectory/schema";
import { mapConcurrent } from "../util/concurrent";
import { checkAll, InputError, unknown } from "../util/errors";
import { writeAtomic } from "../util/files";
import { appendJsonl, readJsonl, writeJsonl } from "../util/jsonl";
import { answerForce } from "./answer-force";
import { explore } from "./explore";
import { reformat } from "./reformat";
import { search } from "./search";
import type { Annotate, AnnotationContext, Outcome } from "./strategy";

const annotators: Partial<Record<Strategy, Annotate>> = {
  explore,
  "answer-forcing": answerForce,
  search,
  reformat,
};

/** The names as strategies that annotate. Throws InputError with every one that does not, and where there is none. */
export function annotationStrategies(names: readonly string[]): Strategy[] {
  if (names.length === 0) throw new InputError("no strategy to annotate with: name one with --strategy");
  checkAll(
    ...names.map((name) => () => {
      if (!Object.hasOwn(annotators, name))
        throw unknown("annotation strategy", name, Object.keys(annotators));
    }),
  );
  return names as Strategy[];
}

export interface AnnotateOptions extends AnnotationContext {
  instances: readonly Instance[];
  strategies: readonly Strategy[];
  /** Folder of the results; outcomes are appended to outcomes.jsonl as they come, so a killed run goes on. */
  out: string;
  /** Episodes at once. Default 16. */
  concurrency?: number;
  onOutcome?: (done: number, total: number) => void;
}

export interface AnnotationSummary {
  instances: number;
  trajectories: number;
  /** Trajectories by the strategy that yielded them. */
  byStrategy: Record<string, number>;
  failures: number;
  usage: Usage;
  simulated: boolean;
}

interface OutcomeRow {
  instance: string;
  outcome: Outcome;
}

/**
 * Writes, in the order of the instances: trajectories.jsonl (the successes), failures.jsonl (every other instance,
 * with its reason and last failed episode) and summary.json. Instances found in outcomes.jsonl are not asked again.
 *
 * @throws InputError, before anything is written, for a strategy that does not annotate
 * @throws the teacher's error, once what was in flight is written down: asked again, the work goes on from there
 */
export async function annotate(options: AnnotateOptions): Promise<AnnotationSummary> {
  const { instances, out, teacher, onOutcome } = options;
  const strategies = annotationStrategies(options.strategies);
  const log = join(out, "outcomes.jsonl");
  const outcomes = await readOutcomes(log);
  const todo = instances.filter(({ id }) => !outcomes.has(id));
  await mapConcurrent(todo, options.concurrency ?? 16, async (instance) => {
    let outcome: Outcome | undefined;
    for (const strategy of strategies) {
      outcome = await annotators[strategy]!(instance, options, outcome);
      if (outcome.trajectory) break;
    }
    appendJsonl(log, { instance: instance.id, outcome: outcome! } satisfies OutcomeRow);
    outcomes.set(instance.id, outcome!);
    onOutcome?.(outcomes.size, instances.length);
  });

  const rows = instances.map(({ id }) => ({ instance: id, outcome: outcomes.get(id)! }));
  const trajectories = rows.flatMap(({ outcome }) => (outcome.trajectory ? [outcome.trajectory] : []));
  const failures = rows.filter(({ outcome }) => !outcome.trajectory);
  writeJsonl(join(out, "trajectories.jsonl"), trajectories);
  writeJsonl(
    join(out, "failures.jsonl"),
    failures.map(({ instance, outcome }) => ({ instance, ...outcome })),
  );
  const summary: AnnotationSummary = {
    instances: instances.length,
    trajectories: trajectories.length,
    byStrategy: countStrategies(trajectories),
    failures: failures.length,
    usage: addUsage(...rows.map(({ outcome }) => usageOf(outcome))),
    simulated: teacher.simulated,
  };
  writeAtomic(join(out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  rmSync(log, { force: true });
  return summary;
}

/** The finished outcomes of a killed run. A last line cut in mid-write is of an instance that will be asked again. */
async function readOutcomes(path: string): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  if (!existsSync(path)) return outcomes;
  const rows: OutcomeRow[] = [];
  for await (const row of readJsonl(path)) if (row.reason === undefined) rows.push(row.value as OutcomeRow);
  for (const { instance, outcome } of rows) outcomes.set(instance, outcome);
  writeJsonl(path, rows);
  return outcomes;
}

function countStrategies(trajectories: readonly Trajectory[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { provenance } of trajectories)
    counts[provenance.strategy] = (counts[provenance.strategy] ?? 0) + 1;
  return counts;
}

const usageOf = (outcome: Outcome): Usage =>
  outcome.trajectory ? usageSchema.parse(outcome.trajectory.provenance.usage) : outcome.usage;
