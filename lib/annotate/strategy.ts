/** What the strategies of section 3.4 share: the instance, who annotates it, and what counts as a success. */
import type { Episode } from "../agent";
import { type LanguageModel, noUsage } from "../llm/client";
import type { Instance, Task } from "../tasks/task";
import type { Provenance, Strategy, Trajectory, Usage } from "../trajectory/schema";

export interface AnnotationContext {
  task: Task;
  teacher: LanguageModel;
  /** Examples in the prompt that the teacher sees. */
  teacherShots: 0 | 1;
  /** Examples in the prompt that is written into the trajectory, and so trained under. */
  shots: 0 | 1;
  /** A trajectory is kept where its reward is greater. */
  rewardAbove: number;
  /** Episodes, or answers that cannot be used, before an instance is given up. */
  attempts: number;
  seed: number;
}

/**
 * A trajectory, or why there is none; `episode` is the last failed one, for answer forcing to mend. Usage, here or in
 * the trajectory's provenance, counts every strategy that the instance has been through.
 */
export type Outcome =
  | { trajectory: Trajectory }
  | {
      trajectory: null;
      strategy: Strategy;
      reason: string;
      reward: number | null;
      usage: Usage;
      episode?: Episode;
    };

export type Annotate = (
  instance: Instance,
  context: AnnotationContext,
  previous?: Outcome,
) => Promise<Outcome>;

/** What the strategies before this one have used up on the instance. */
export const spent = (previous?: Outcome): Usage =>
  previous?.trajectory === null ? previous.usage : noUsage;

/** Why an episode is no success: `environment error (no such table), reward 0`. */
export const verdict = ({ ending, error, reward }: Episode): string =>
  `${ending}${error === null ? "" : ` (${error})`}, reward ${reward}`;

export function provenance(
  strategy: Strategy,
  instance: Instance,
  context: AnnotationContext,
  usage: Usage,
): Provenance {
  const { name, simulated } = context.teacher;
  return { strategy, teacher: name, simulated, source: instance.source, usage };
}
