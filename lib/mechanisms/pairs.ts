/**
 * What an agent's own episodes are worth beside the bank: pairs of a better and a worse trajectory of one instance, as
 * ETO (Song et al. 2024) contrasts them.
 */
import type { Episode } from "../agent";
import type { Pair } from "../trajectory/pairs";
import type { Trajectory } from "../trajectory/schema";

/**
 * Pairs each episode with the bank's trajectory of its instance, where one of them earned more: mostly the bank's, and
 * where the agent did better, its own. Equal rewards make no pair, nor does an instance that the bank lacks, an episode
 * in which the agent said nothing, or one that does not open with the bank's prompt.
 */
export function pairsOf(bank: readonly Trajectory[], episodes: readonly Episode[], agent: string): Pair[] {
  const known = new Map(bank.map((trajectory) => [`${trajectory.task}/${trajectory.instance}`, trajectory]));
  return episodes.flatMap((episode): Pair[] => {
    const expert = known.get(`${episode.task}/${episode.instance}`);
    const expertReward = expert?.reward ?? 1;
    if (!expert || expertReward === episode.reward || episode.turns[0]?.content !== expert.turns[0]?.content)
      return [];
    const own = ownTrajectory(episode, expert, agent);
    if (!own.turns.some((turn) => turn.loss)) return [];
    return [
      episode.reward < expertReward ? { chosen: expert, rejected: own } : { chosen: own, rejected: expert },
    ];
  });
}

/**
 * An episode as a trajectory. All that the agent said counts, what no parser understood as well: it is what the agent
 * does. What stands behind its last word is left out.
 */
function ownTrajectory(episode: Episode, like: Trajectory, agent: string): Trajectory {
  const last = episode.turns.findLastIndex(({ role }) => role === "assistant");
  return {
    ...like,
    id: `${like.id}/explored`,
    turns: episode.turns
      .slice(0, last + 1)
      .map((turn) => ({ ...turn, loss: turn.role === "assistant" && turn.content.trim() !== "" })),
    reward: episode.reward,
    provenance: {
      strategy: "explore",
      teacher: agent,
      simulated: false,
      source: like.provenance.source,
      usage: episode.usage,
    },
  };
}
