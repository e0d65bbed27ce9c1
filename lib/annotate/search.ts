import { isSearchable, type SearchableEnvironment } from "../envs/environment";
import type { Step } from "../tasks/task";
import { addThoughts } from "./reformat";
import { type Annotate, spent } from "./strategy";

/** States that one search may enter before it gives up. */
const STATE_BUDGET = 20_000;

/**
 * Heuristic action search (section 3.4): depth-first through the environment's own action order, then reformat. For
 * tasks with a discrete action space whose data set has no gold actions (RoomR, IQA).
 */
export const search: Annotate = async (instance, context, previous) => {
  const { task, rewardAbove } = context;
  const fail = (reason: string) =>
    ({ trajectory: null, strategy: "search", reason, reward: null, usage: spent(previous) }) as const;
  const environment = await task.environment(instance);
  try {
    if (!isSearchable(environment)) return fail("the environment cannot be searched");
    await environment.reset();
    const actions = await depthFirst(environment, rewardAbove, task.maxSteps);
    if (!actions) return fail(`no solution within ${task.maxSteps} steps and ${STATE_BUDGET} states`);
    const steps: Step[] = actions.map((action) => ({ thought: "", action }));
    return addThoughts(instance, steps, "search", context, previous);
  } finally {
    await environment.close();
  }
};

/**
 * The first action sequence, in depth-first order, whose end earns more than `rewardAbove`; null where none is found.
 * A state is entered again only by a shorter path than before.
 */
export async function depthFirst(
  start: SearchableEnvironment,
  rewardAbove: number,
  maxSteps: number,
): Promise<string[] | null> {
  const depths = new Map<string, number>([[start.fingerprint(), 0]]);
  let budget = STATE_BUDGET;

  const visit = async (environment: SearchableEnvironment, path: string[]): Promise<string[] | null> => {
    if (path.length === maxSteps) return null;
    for (const action of environment.actions()) {
      if (budget-- <= 0) return null;
      const next = environment.clone();
      const { done, reward } = await next.step(action);
      const longer = [...path, action];
      if (done && reward > rewardAbove) return longer;
      const state = next.fingerprint();
      if (done || (depths.get(state) ?? Number.POSITIVE_INFINITY) <= longer.length) continue;
      depths.set(state, longer.length);
      const found = await visit(next, longer);
      if (found) return found;
    }
    return null;
  };
  return visit(start, []);
}
