/** Test instances of many tasks against training data, and what is said of those of one task. */
import { bootstrapMean, type Interval } from "../../evaluation/bootstrap";
import { type Overlap, type OverlapIndex, overlapIndex, type Parts } from "../../evaluation/contamination";
import { selectInstances } from "../../tasks/instances";
import { getTask } from "../../tasks/registry";
import type { Instance, Task } from "../../tasks/task";
import { mapConcurrent } from "../../util/concurrent";
import type { Preset } from "../preset";
import { instancesOf } from "../recipes";
import { toPoints } from "../scores";

/** Environments open at once. */
const CONCURRENCY = 8;

/** The texts of one test instance. */
export interface Subject<P extends string> {
  task: string;
  parts: Parts<P>;
}

/** The texts of so many test instances of each task; those that have none are left out. */
export async function subjectsOf<P extends string>(
  preset: Preset,
  tasks: readonly string[],
  count: (task: string) => number,
  textsOf: (task: Task, instance: Instance) => Promise<Parts<P> | null>,
): Promise<Subject<P>[]> {
  const subjects: Subject<P>[] = [];
  for (const task of tasks) {
    const instances = await selectInstances(instancesOf(preset, task, "test", count(task)));
    const texts = await mapConcurrent(instances, CONCURRENCY, (one) => textsOf(getTask(task), one));
    subjects.push(...texts.flatMap((parts) => (parts ? [{ task, parts }] : [])));
  }
  return subjects;
}

export const indexOf = <P extends string>(subjects: readonly Subject<P>[], ns: readonly number[]) =>
  overlapIndex(
    subjects.map(({ parts }) => parts),
    ns,
  );

/** What the instances of one task share, each over all of its parts. */
export interface Compared {
  task: string;
  n: number;
  overlaps: Overlap[];
}

/** Reads an index: one entry a task, in the order of the subjects. */
export function compared<P extends string>(
  subjects: readonly Subject<P>[],
  index: OverlapIndex<P>,
  n: number,
): Compared[] {
  const byTask = new Map<string, Overlap[]>();
  for (const [i, overlap] of index.overlaps(n).entries()) {
    const parts = Object.values<Overlap>(overlap);
    const whole = {
      grams: parts.reduce((sum, part) => sum + part.grams, 0),
      shared: parts.flatMap((part) => part.shared),
    };
    const { task } = subjects[i]!;
    byTask.set(task, [...(byTask.get(task) ?? []), whole]);
  }
  return [...byTask].map(([task, overlaps]) => ({ task, n, overlaps }));
}

/** A task of no part in the paper's evaluation is none that it trained on. */
export const heldOf = (task: string): "in" | "out" => getTask(task).evaluation?.held ?? "out";

export const overlapping = ({ shared }: Overlap): boolean => shared.length > 0;

/** How many instances were compared, how many share something, in per cent, and of how many all is shared. */
export interface OverlapRate {
  task: string;
  held: "in" | "out";
  n: number;
  instances: number;
  /** Instances with a text of at least n tokens: no other can share anything. */
  comparable: number;
  rate: Interval;
  /** Per cent of the instances whose every n-gram is shared. */
  whole: number;
}

export function rateOf({ task, n, overlaps }: Compared): OverlapRate {
  const all = overlaps.filter((o) => overlapping(o) && o.shared.length === o.grams);
  return {
    task,
    held: heldOf(task),
    n,
    instances: overlaps.length,
    comparable: overlaps.filter(({ grams }) => grams > 0).length,
    rate: toPoints(bootstrapMean([overlaps.map((o) => Number(overlapping(o)))])),
    whole: (100 * all.length) / overlaps.length,
  };
}

export interface CommonGram {
  task: string;
  n: number;
  gram: string;
  /** Test instances that share it. */
  instances: number;
  /** Training trajectories that hold it. */
  trajectories: number;
}

/** The n-gram that most instances share, the earlier where several do; null where nothing is shared. */
export function commonestGram({ task, n, overlaps }: Compared): CommonGram | null {
  const found = new Map<string, CommonGram>();
  for (const { shared } of overlaps)
    for (const { text, documents } of new Map(shared.map((gram) => [gram.text, gram])).values()) {
      const instances = (found.get(text)?.instances ?? 0) + 1;
      found.set(text, { task, n, gram: text.trim(), instances, trajectories: documents });
    }
  return [...found.values()].reduce<CommonGram | null>(
    (most, gram) => (most === null || gram.instances > most.instances ? gram : most),
    null,
  );
}
