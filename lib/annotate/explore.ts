import { type Episode, runEpisode, toTrajectory } from "../agent";
import { addUsage } from "../llm/client";
import { UNFILTERED } from "./plan";
import { reopened } from "./reopen";
import { type Annotate, provenance, spent, verdict } from "./strategy";

/**
 * GPT-exploration with a reward filter, as AgentTuning and FireAct do it: the teacher plays the episode, and only
 * successes are kept, unless nothing is filtered. Section 3.3 shows what that does to the difficulty of what is left.
 */
export const explore: Annotate = async (instance, context, previous) => {
  const { task, teacher, teacherShots, seed, attempts, rewardAbove } = context;
  let usage = spent(previous);
  let episode: Episode | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    episode = await runEpisode({
      task,
      instance,
      model: teacher,
      shots: teacherShots,
      // Steps count up within an episode, so attempts lie further apart than any episode is long.
      seed: (seed * attempts + attempt) * 1000,
      temperature: attempt === 0 ? 0 : 1,
    });
    usage = addUsage(usage, episode.usage);
    if (isKept(episode, rewardAbove)) {
      const row = await reopened(episode, instance, context);
      return { trajectory: toTrajectory(row, task, provenance("explore", instance, context, usage)) };
    }
  }
  const { reward } = episode!;
  return { trajectory: null, strategy: "explore", reason: verdict(episode!), reward, usage, episode };
};

/** Unfiltered, all that holds a step to train on is kept, but for episodes that the environment broke off. */
function isKept({ reward, ending, turns }: Episode, rewardAbove: number): boolean {
  if (rewardAbove !== UNFILTERED) return reward > rewardAbove && ending === "submitted";
  return ending !== "environment error" && turns.some((turn) => turn.loss);
}
