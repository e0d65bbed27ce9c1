import type { Task } from "../tasks/task";

/** Rewards are sums of fractions: full reward is what misses 1 by rounding alone. */
export const FULL_REWARD = 1 - 1e-9;

/** Below every reward: nothing is filtered, and explored episodes that never came to an end are kept with the others. */
export const UNFILTERED = -1;

/**
 * The reward that a kept trajectory must exceed: 0.3 for WebShop (appendix A), and full reward, as AgentTuning's
 * filter has it, everywhere else.
 */
export function rewardAbove(task: Task): number {
  return task.name === "webshop" ? 0.3 : FULL_REWARD;
}
