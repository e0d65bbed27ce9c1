/**
 * A language model as judge of pairs (Zheng et al. 2023). Models prefer what stands first, so each pair is asked in
 * both orders: where the two answers disagree the verdict is a tie.
 */
import { addUsage, type LanguageModel, type Message } from "../llm/client";
import { simulatedModel } from "../llm/simulated";
import type { Trajectory, Turn, Usage } from "../trajectory/schema";
import { createRng } from "../util/random";
import { type MatchedPair, type Preference, swapped } from "./matched";

export interface Judgement {
  pair: string;
  verdict: Preference;
  /** What was said in either order, about the first trajectory; null where the reply names no verdict. */
  orders: [Preference | null, Preference | null];
  usage: Usage;
}

const FIRST = "Trajectory 1:\n";
const SECOND = "\n\nTrajectory 2:\n";
const ASK = "\n\nEnd your reply with one line: `Better: 1`, `Better: 2` or `Better: tie`.";

/** Thoughts, actions and observations after the opening turn. */
export function transcript(turns: readonly Turn[]): string {
  return turns
    .slice(1)
    .map(({ content }) => content)
    .join("\n");
}

/** Shows one instance and two trajectories of it, and asks which is better. */
export function judgePrompt(one: Trajectory, other: Trajectory): Message[] {
  const content =
    "Two agents were given the same task. Compare their trajectories: whether thoughts are true and lead to the " +
    "actions, whether actions are useful, and whether the task is done as it was asked for. Length alone is no merit." +
    `\n\nThe task:\n${one.turns[0]!.content}\n\n${FIRST}${transcript(one.turns)}${SECOND}${transcript(other.turns)}${ASK}`;
  return [{ role: "user", content }];
}

/** The verdict on trajectory 1 in the last line that gives one; null where none does. */
export function parseJudgement(reply: string): Preference | null {
  const said = [...reply.matchAll(/^\W*better\W*(1|2|tie)\b/gim)].at(-1)?.[1]?.toLowerCase();
  return said === undefined ? null : said === "tie" ? "tie" : said === "1" ? "win" : "lose";
}

/** Asks in both orders. A reply without a verdict is a disagreement. */
export async function judgePair(
  { id, first, second }: MatchedPair,
  model: LanguageModel,
): Promise<Judgement> {
  const ask = (one: Trajectory, other: Trajectory) =>
    model.complete({ messages: judgePrompt(one, other), temperature: 0 });
  const [there, back] = await Promise.all([ask(first, second), ask(second, first)]);
  const turned = parseJudgement(back.text);
  const orders: Judgement["orders"] = [parseJudgement(there.text), turned && swapped(turned)];
  const verdict = orders[0] !== null && orders[0] === orders[1] ? orders[0] : "tie";
  return { pair: id, verdict, orders, usage: addUsage(there.usage, back.usage) };
}

/** Chance that the simulated judge takes what stands first without looking, as real ones do. */
const POSITION_BIAS = 0.1;

/**
 * Stands in for a model where there is no key and no budget. It knows the rewards of the given pairs: the greater one
 * is better, of equal ones the trajectory of fewer turns, and now and then whatever stands first. It says nothing
 * about how good thoughts are.
 */
export function simulatedJudge(pairs: readonly MatchedPair[]): LanguageModel {
  const known = new Map(
    pairs.flatMap(({ first, second }) => [first, second]).map((t) => [transcript(t.turns), t]),
  );
  const worth = (text: string): [number, number] => {
    const trajectory = known.get(text);
    if (!trajectory) throw new Error("the simulated judge knows only the pairs that it was made with");
    return [trajectory.reward ?? 0, -trajectory.turns.length];
  };
  return simulatedModel("simulated-judge", (messages) => {
    const { content } = messages[0]!;
    if (createRng(content).chance(POSITION_BIAS)) return "Better: 1";
    const body = content.slice(content.lastIndexOf(FIRST) + FIRST.length, -ASK.length);
    const [one, other] = body.split(SECOND).map(worth) as [[number, number], [number, number]];
    const difference = one[0] - other[0] || one[1] - other[1];
    return difference === 0 ? "Better: tie" : `Better: ${difference > 0 ? 1 : 2}`;
  });
}
