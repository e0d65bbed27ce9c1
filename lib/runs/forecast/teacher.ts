/** What annotating costs at an API: calls, tokens, and how many trajectories come of it. */
import type { AnnotateSpec, JudgeSpec, TrajectorySlice } from "../spec";
import type { Assumptions } from "./assumptions";
import { episodeOf, promptedIn, tokensOf, writtenIn } from "./episode";

export interface ApiUse {
  calls: number;
  promptTokens: number;
  completionTokens: number;
}

/** Where nothing is said of a strategy, every instance that reaches it becomes a trajectory. */
const CERTAIN = 1;

/**
 * Expected use of a teacher. Each strategy takes what those before it left: exploration plays whole episodes, sending
 * the conversation anew for each turn; the others send the episode once and get all that is to be written in one reply.
 */
export function annotationUse({ instances, strategies, attempts }: AnnotateSpec, given: Assumptions): ApiUse {
  const lengths = episodeOf(given, instances.task);
  const use: ApiUse = { calls: 0, promptTokens: 0, completionTokens: 0 };
  let left = instances.count;
  for (const strategy of strategies) {
    const success = strategy === "explore" ? lengths.success : (given.yield[strategy] ?? CERTAIN);
    // Tries of one instance: 1, and one more for each that failed.
    let tries = 0;
    for (let attempt = 0; attempt < attempts; attempt++) tries += (1 - success) ** attempt;
    const explored = strategy === "explore";
    use.calls += left * tries * (explored ? lengths.turns : 1);
    use.promptTokens += left * tries * (explored ? promptedIn(lengths) : tokensOf(lengths));
    use.completionTokens += left * tries * writtenIn(lengths);
    left *= (1 - success) ** attempts;
  }
  return use;
}

/** Trajectories that an annotation is expected to yield. */
export function yieldOf({ instances, strategies, attempts }: AnnotateSpec, given: Assumptions): number {
  const lengths = episodeOf(given, instances.task);
  const failing = strategies.map((strategy) => {
    const success = strategy === "explore" ? lengths.success : (given.yield[strategy] ?? CERTAIN);
    return (1 - success) ** attempts;
  });
  return instances.count * (1 - failing.reduce((product, failure) => product * failure, 1));
}

/** Trajectories of a slice: as many as it asks for, or those that its annotation yields. */
export function rowsOf({ from, start, count, most }: TrajectorySlice, given: Assumptions): number {
  if (count !== null) return count;
  return Math.max(0, Math.min(yieldOf(from, given) - start, most ?? Number.POSITIVE_INFINITY));
}

/** Words of a verdict that a judge writes. */
const VERDICT_TOKENS = 150;

/** A judge reads both trajectories of each pair, in both orders. */
export function judgeUse({ pairs }: JudgeSpec, given: Assumptions): ApiUse {
  const calls = 2 * pairs.count;
  const read = 2 * tokensOf(episodeOf(given, pairs.first.instances.task));
  return { calls, promptTokens: calls * read, completionTokens: calls * VERDICT_TOKENS };
}

/** US dollars; null where no price is stated. */
export function costOf({ promptTokens, completionTokens }: ApiUse, { price }: Assumptions): number | null {
  if (!price) return null;
  return (promptTokens * price.prompt + completionTokens * price.completion) / 1e6;
}
