/** What the three parts of ReWOO read: the planner, the worker that asks a language model, the solver. */
import { FORMAT } from "../../tasks/prompt";
import type { Task } from "../../tasks/task";
import { type PlannedCall, printEvidence } from "./plan";

const PLAN =
  "Plan all calls before any is made, and do not finish yet. Write for each of them two lines:\n" +
  "Plan: what it is for\n#E1 = name[argument]\n" +
  "An argument may hold #E1, #E2, ... for what earlier calls give. LLM[question] asks a language model.";

export const plannerPrompt = ({ instruction }: Pick<Task, "instruction">, question: string) =>
  `${instruction}\n${PLAN}\n\n${question}`;

export const workerPrompt = (question: string, asked: string) =>
  `Reply with the text that is asked for, and nothing else.\n\n${question}\n${asked}`;

export const solverPrompt = (
  { instruction }: Pick<Task, "instruction">,
  question: string,
  calls: readonly PlannedCall[],
  evidence: readonly string[],
) =>
  `${instruction}\n${FORMAT}\nAll calls are made; now finish.\n\n${question}\n${printEvidence(calls, evidence)}`;

/**
 * Why ReWOO cannot play a task, or null where it can. It writes all calls before it sees anything, so the tools must be
 * calls, `name[argument]`, whose arguments can be known from the question and from what earlier calls give.
 */
export function rewooFault({ name, actionSpace, instruction }: Task): string | null {
  if (actionSpace === "discrete")
    return `${name}: each action is one of those that the last observation offers, so none can be planned before it is seen`;
  if (!instruction.includes("finish["))
    return `${name}: its actions are no calls name[argument] that lead to a finish[answer]`;
  return null;
}
