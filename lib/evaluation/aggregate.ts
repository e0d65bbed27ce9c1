/** From episodes to the numbers of Tables 4 and 9: a score a task, an average a skill, held-in and held-out. */
import type { Task } from "../tasks/task";
import { type Skill, skills } from "../trajectory/schema";
import { type BootstrapOptions, bootstrapMean, type Interval } from "./bootstrap";

/** Rewards in [0, 1] of a task's episodes, in instance order. */
export interface TaskRewards {
  task: Pick<Task, "name" | "skill" | "evaluation">;
  rewards: readonly number[];
}

/** All in points, 0 to 100. Exact match, success rate and average reward are all 100 times the mean reward. */
export interface Aggregate {
  tasks: Record<string, Interval>;
  skills: Partial<Record<Skill, Interval>>;
  /** The tables' column "Avg.": the mean of the tasks, not of the skills. */
  average: Interval;
}

/** The mean reward in points, with its interval. */
export function score(rewards: readonly number[], options?: BootstrapOptions): Interval {
  return points(bootstrapMean([rewards], options));
}

/**
 * One half of Table 4 (`held` in or out) over those tasks that are part of it; null where none is.
 *
 * Skills are means of their tasks. "Avg." weighs tasks alike: the nine held-in tasks of Table 9 average to the
 * printed numbers, the five skill columns of Table 4 do not (SAMOYED-7B: 41.6 by tasks, as printed; 43.5 by skills).
 */
export function aggregate(
  results: readonly TaskRewards[],
  held: "in" | "out",
  options?: BootstrapOptions,
): Aggregate | null {
  const part = results.filter((r) => r.task.evaluation?.held === held);
  if (part.length === 0) return null;
  const average = (some: readonly TaskRewards[]) =>
    points(
      bootstrapMean(
        some.map((r) => r.rewards),
        options,
      ),
    );
  const bySkill = skills
    .map((skill) => [skill, part.filter((r) => r.task.skill === skill)] as const)
    .filter(([, some]) => some.length > 0);
  return {
    tasks: Object.fromEntries(part.map((r) => [r.task.name, average([r])])),
    skills: Object.fromEntries(bySkill.map(([skill, some]) => [skill, average(some)])),
    average: average(part),
  };
}

function points({ mean, low, high, level }: Interval): Interval {
  return { mean: mean * 100, low: low * 100, high: high * 100, level };
}
