/** Trajectories as an agent would have left them that acts without a word of why. */
import { printReact } from "../trajectory/react";
import type { Trajectory, Turn } from "../trajectory/schema";
import { InputError } from "../util/errors";
import { ACTION_FORMAT_FAULT, FORMAT_FAULT, observationTurn, withoutThoughtsPrompt } from "./prompt";
import type { Task } from "./task";

/**
 * The turn without its thought: the action is printed alone, the reminder of the format asks for it alone, and all else
 * (loss included) is as it was. A reply that is no step is kept as the model gave it.
 */
export function withoutThought(turn: Turn): Turn {
  if (turn.role === "user")
    return turn.content === observationTurn(FORMAT_FAULT)
      ? { ...turn, content: observationTurn(ACTION_FORMAT_FAULT) }
      : turn;
  if (turn.action === undefined) return turn;
  const { action } = turn;
  return { ...turn, content: printReact({ thought: "", action }), thought: "" };
}

/**
 * The same decisions without thoughts, under the prompt that asks for actions alone.
 *
 * @throws InputError where the first turn is not an opening prompt of the kit: then nobody knows how it asks for thoughts
 */
export async function withoutThoughts(task: Task, trajectory: Trajectory): Promise<Trajectory> {
  const [opening, ...rest] = trajectory.turns;
  const content = await withoutThoughtsPrompt(task, opening!.content);
  if (content === null)
    throw new InputError(`${trajectory.id}: its first turn is not the opening prompt of ${task.name}`);
  return { ...trajectory, turns: [{ ...opening!, content }, ...rest.map(withoutThought)] };
}
