/** What the agent reads: the opening prompt, the observations, and the reminder of the format. */
import { printReact } from "../trajectory/react";
import type { Instance, Task } from "./task";

/** Says how to reply; it follows the task's own instruction in every opening prompt. */
export const FORMAT = "Reply with two lines:\nThought: what follows from what you see\nAction: one action";

/** The same for an agent that acts without a thought. */
export const ACTION_FORMAT = "Reply with one line:\nAction: one action";

const EXAMPLE = "Here is an example.\n";
const YOUR_TURN = "\n\nNow it is your turn.\n";

/** The observation after a reply that is not a thought and an action. */
export const FORMAT_FAULT = "Invalid format. Reply with `Thought: ...` and then `Action: ...`.";

/** The same to an agent that acts without a thought. */
export const ACTION_FORMAT_FAULT = "Invalid format. Reply with `Action: ...`.";

/** A user turn that tells the agent what its action did. */
export function observationTurn(observation: string): string {
  return `Observation: ${observation}`;
}

const transcripts = { with: new WeakMap<object, Promise<string>>(), without: new WeakMap() };

/**
 * The 1-shot example as a transcript: the example instance and its gold steps, played through the real environment
 * once per process, so that it can never disagree with what the environment says. `thoughts` as in `openingPrompt`.
 */
export function exampleTranscript<I extends Instance>(task: Task<I>, thoughts = true): Promise<string> {
  const made: WeakMap<object, Promise<string>> = transcripts[thoughts ? "with" : "without"];
  let transcript = made.get(task);
  if (!transcript) {
    transcript = playExample(task, thoughts);
    made.set(task, transcript);
  }
  return transcript;
}

async function playExample<I extends Instance>(task: Task<I>, thoughts: boolean): Promise<string> {
  const steps = await task.gold(task.example);
  if (!steps) throw new Error(`task ${task.name}: its example has no gold steps`);
  const environment = await task.environment(task.example);
  try {
    const lines = [await environment.reset()];
    for (const step of steps) {
      const { observation, done } = await environment.step(step.action);
      lines.push(printReact(thoughts ? step : { ...step, thought: "" }));
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
 * @param thoughts false asks for the action alone, and shows the example so
 */
export async function openingPrompt<I extends Instance>(
  task: Task<I>,
  shots: 0 | 1,
  text: string,
  thoughts = true,
) {
  const opening = `${task.instruction}\n${thoughts ? FORMAT : ACTION_FORMAT}`;
  if (shots === 0) return `${opening}\n\n${text}`;
  return `${opening}\n\n${EXAMPLE}${await exampleTranscript(task, thoughts)}${YOUR_TURN}${text}`;
}

/** The same opening prompt without thoughts; null for a prompt that is not the kit's. */
export async function withoutThoughtsPrompt(task: Task, prompt: string): Promise<string | null> {
  const text = instanceText(task, prompt);
  if (text === null) return null;
  const bare = prompt === (await openingPrompt(task, 0, text));
  return openingPrompt(task, bare ? 0 : 1, text, false);
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
