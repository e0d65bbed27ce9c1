/** Which texts of instances and of trajectories are compared for contamination. */
import { replay } from "../agent";
import type { Instance, Task } from "../tasks/task";
import type { Turn } from "../trajectory/schema";
import type { Parts } from "./contamination";

/** What an agent is told to do, what it sees of its environment, and what it thinks and does. */
export const textParts = ["instruction", "observation", "action"] as const;
export type TextPart = (typeof textParts)[number];

/** How environments that show their state from the beginning mark the line that says what to do. */
const MARKED = /^(?:(?:Task|Instruction|Question): |(?=Your task is to\b))(.*)$/gm;

/** What an opening asks for, apart from the state that it shows; all of it where no line is marked. */
export function splitOpening(text: string): { instruction: string; observation: string | null } {
  const marked = [...text.matchAll(MARKED)].at(-1); // an example in the prompt comes before
  if (!marked) return { instruction: text, observation: null };
  const rest = text.slice(0, marked.index) + text.slice(marked.index + marked[0].length);
  return { instruction: marked[1]!, observation: rest.trim() || null };
}

/** A trajectory's texts. The opening prompt, which says how to reply, counts to the instruction where none is marked. */
export function trajectoryTexts(turns: readonly Turn[]): Parts<TextPart> {
  const opening = turns.findIndex(({ role }) => role === "user");
  const { instruction, observation } = splitOpening(turns[opening]?.content ?? "");
  const told = (role: Turn["role"], from: number) =>
    turns.slice(from).flatMap((turn) => (turn.role === role ? [turn.content] : []));
  return {
    instruction: [...told("system", 0), instruction],
    observation: [...(observation === null ? [] : [observation]), ...told("user", opening + 1)],
    action: told("assistant", 0),
  };
}

/** What HELM compares of a test instance: what it asks for, and the gold answer where the task has one. */
export async function instanceTexts(task: Task, instance: Instance): Promise<Parts<"input" | "references">> {
  const answer = task.answer(instance);
  const { instruction } = splitOpening(await resetText(task, instance));
  return { input: [instruction], references: answer === null ? [] : [answer] };
}

/** The texts of the gold episode of a test instance, without the prompt around it; null where none is known. */
export async function goldTexts(task: Task, instance: Instance): Promise<Parts<TextPart> | null> {
  const steps = await task.gold(instance);
  if (!steps) return null;
  const content = await resetText(task, instance);
  const { turns } = await replay({ task, instance, steps, shots: 0 });
  return trajectoryTexts([{ role: "user", content, loss: false }, ...turns.slice(1)]);
}

async function resetText(task: Task, instance: Instance): Promise<string> {
  const environment = await task.environment(instance);
  try {
    return await environment.reset();
  } finally {
    await environment.close();
  }
}
