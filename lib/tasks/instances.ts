import { InputError } from "../util/errors";
import { getTask } from "./registry";
import type { Instance, Split } from "./task";

/** Which instances of a task: generated ones, or those of the official files in a folder. */
export interface InstanceSource {
  task: string;
  split: Split;
  count: number;
  /** Seed of the generator; official files are read in their own order. */
  seed: number;
  /** Range of the generated difficulties. Default [0, 1]. */
  difficulty?: readonly [number, number];
  /** Folder with the official files; without it the instances are generated. */
  folder?: string;
}

/**
 * The instances that a source names, `count` at most.
 * Throws InputError with every row of the official files that could not be read, and for files that are missing.
 */
export async function selectInstances(source: InstanceSource): Promise<Instance[]> {
  const task = getTask(source.task);
  const { split, count, seed, difficulty, folder } = source;
  if (folder === undefined) return task.generate({ split, count, seed, difficulty });

  const faults: string[] = [];
  const report = {
    fault: (file: string, line: number, reason: string) => faults.push(`${file}:${line}: ${reason}`),
  };
  const instances: Instance[] = [];
  for await (const instance of task.load(folder, split, report)) if (instances.push(instance) >= count) break;
  if (faults.length > 0) throw new InputError(faults);
  return instances;
}
