/**
 * Training rows that teach a model to reflect, made in hindsight of pairs: a failed trajectory of the agent's own and a
 * successful one of the same instance. A tiny model has never read a reflection, let alone written one.
 *
 *     row 1   u a1 o1 … an  "what went wrong?"  ■ reflection            the failed trajectory
 *     row 2   u + reflection  ■ a1 o1 … ■ am                            the successful one
 */
import type { Pair } from "../trajectory/pairs";
import type { Trajectory, Turn } from "../trajectory/schema";
import { lessons, reflectionPrompt } from "./reflexion";

/** The two rows of a pair. */
export function reflexionRows({ chosen, rejected }: Pair): Trajectory[] {
  const told = hindsight(rejected.turns, chosen.turns);
  const asked = reflectionPrompt(rejected.turns).map((message): Turn => ({ ...message, loss: false }));
  const [opening, ...rest] = chosen.turns;
  return [
    {
      ...rejected,
      id: `${rejected.id}/reflection`,
      turns: [...asked, { role: "assistant", content: told, loss: true }],
    },
    {
      ...chosen,
      id: `${chosen.id}/reflected`,
      turns: [{ ...opening!, content: `${opening!.content}\n\n${lessons([told])}` }, ...rest],
    },
  ];
}

/**
 * Names the first action that the two do not share, in one line: up to there they saw the same.
 *
 *     I did search[Alice], and it failed. Next time I do search[Adam].
 */
export function hindsight(failed: readonly Turn[], successful: readonly Turn[]): string {
  const [wrong, right] = [actions(failed), actions(successful)];
  const at = right.findIndex((action, i) => action !== wrong[i]);
  const did = wrong[at < 0 ? right.length : at];
  const should = right[at];
  const next = should === undefined ? "I stop there" : `I do ${should}`;
  const past = did === undefined ? "I stopped too early" : `I did ${did}`;
  return `${past}, and it failed. Next time ${next}.`.replace(/\s*\n\s*/g, " ");
}

const actions = (turns: readonly Turn[]) =>
  turns.flatMap(({ role, action, content }) => (role === "assistant" ? [action ?? content] : []));
