/**
 * FireAct keeps the environment's last word, which tells the reward: `Observation: Episode finished, reward = True`
 * (HotpotQA), `… = 1` (StrategyQA, MMLU). The turn is kept as it is, so nothing is lost on the way back.
 */
import type { Turn } from "../schema";

const closing = /^Observation: Episode finished, reward = (True|False|\d+(?:\.\d+)?)$/;

/** The reward that the last turn tells, or null. */
export function closingReward(last: Pick<Turn, "content"> | undefined): number | null {
  const told = closing.exec(last?.content ?? "")?.[1];
  if (told === undefined) return null;
  return told === "True" ? 1 : told === "False" ? 0 : Number(told);
}
