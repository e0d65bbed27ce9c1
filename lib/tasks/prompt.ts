/** What the agent reads: the opening prompt, the observations, and the reminder of the format. */
import { printReact } from "../trajectory/react";
import type { Instance, Task } from "./task";

/** Says how to reply; it follows the task's own instruction in every opening prompt. */
export const FORMAT = "Reply with two lines:\nThought: what follows from what you see\nAction: one action";

const EXAMPLE = "Here is an example.\n";
const YOUR_TURN = "\n\nNow it is your turn.\n";

/** The observation after a reply that is not a thought and an action. */
export const FORMAT_FAULT = "Invalid format. Reply with `Thought: ...` and then `Action: ...`.";

/** A user turn that tells the agent what its action did. */
export function observationTurn(observation: string): string {
  return `Observation: ${observation}`;
}

const transcripts = new WeakMap<object, Promise<string>>();

/**
 * The 1-shot example as a transcript: the example instance and its gold steps, played through the real environment
 * once per process, so that it can never disagree with what the environment says.
 */
export function exampleTranscript<I extends Instance>(task: Task<I>): Promise<string> {
  let transcript = transcripts.get(task);
  if (!transcript) {
    transcript = playExample(task);
    transcripts.set(task, transcript);
  }
  return transcript;
}

async function playExample<I extends Instance>(task: Task<I>): Promise<string> {
  const steps = await task.gold(task.example);
  if (!steps) throw new Error(`task ${task.name}: its example has no gold steps`);
  const environment = await task.environment(task.example);
  try {
    const lines = [await environment.reset()];
    for (const step of steps) {
      const { observation, done } = await environment.step(step.action);
      lines.push(printReact(step));
      if (!done) lines.push(observationTurn(observation));
    }
    return lines.join("\n");
  } finally {
    await environment.close();
  }
}

/**
 * The first user turn: what the task is, how to reply, the example if `shots` is 1, and last the instance.
 *
 * @param text the instance as the environment's `reset` tells it
 */
export async function openingPrompt<I extends Instance>(task: Task<I>, shots: 0 | 1, text: string) {
  const opening = `${task.instruction}\n${FORMAT}`;
  if (shots === 0) return `${opening}\n\n${text}`;
  return `${opening}\n\n${EXAMPLE}${await exampleTranscript(task)}${YOUR_TURN}${text}`;
}

/**
 * The instance's text in an opening prompt: what the environment's `reset` told. Null for a prompt that is not the
 * kit's.
 */
export function instanceText({ instruction }: Pick<Task, "instruction">, prompt: string): string | null {
  const opening = `${instruction}\n${FORMAT}\n\n`;
  if (!prompt.startsWith(opening)) return null;
  const rest = prompt.slice(opening.length);
  if (!rest.startsWith(EXAMPLE)) return rest;
  const turn = rest.indexOf(YOUR_TURN);
  return turn < 0 ? null : rest.slice(turn + YOUR_TURN.length);
}
