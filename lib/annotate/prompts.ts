/**
 * What the teacher is asked beyond playing an episode (section 3.4): to mend a failed one (answer forcing), and to
 * write the thoughts for given actions (reformat). Both continue the conversation of an episode, so that the teacher
 * reads the instance, the actions and the observations as an agent would.
 */
import type { Message } from "../llm/client";
import { isPrintable, parseReact, type ReactStep } from "../trajectory/react";
import type { Turn } from "../trajectory/schema";

const ANSWER_FORCING = "That attempt did not reach the right result.";
const REFORMAT = "The actions above solve the task, but the reasoning is missing.";

const toMessages = (turns: readonly Turn[]): Message[] =>
  turns.map(({ role, content }) => ({ role, content }));

/** A user message may follow a user turn; models want the roles to alternate, so the two become one. */
function withRequest(turns: readonly Turn[], request: string): Message[] {
  const messages = toMessages(turns);
  const last = messages.at(-1)!;
  if (last.role !== "user") return [...messages, { role: "user", content: request }];
  return [...messages.slice(0, -1), { role: "user", content: `${last.content}\n\n${request}` }];
}

/** Shows the failed trajectory and the gold final answer and asks for a correct trajectory, whole. */
export function answerForcingPrompt(failed: readonly Turn[], answer: string): Message[] {
  return withRequest(
    failed,
    `${ANSWER_FORCING} The correct final answer is:\n${answer}\n\nWrite a correct solution from the beginning, ` +
      "step by step: for each step a line `Thought: ...` and a line `Action: ...`. Write no observations, and let " +
      "no thought say that the answer was given.",
  );
}

/** Shows an episode played without thoughts and asks for the thought behind each of its actions. */
export function reformatPrompt(played: readonly Turn[]): Message[] {
  const count = played.filter((t) => t.role === "assistant").length;
  return withRequest(
    played,
    `${REFORMAT} Write the thought that leads to each of the ${count} actions, from what was known at that moment: ` +
      "one line each, numbered `Thought 1: ...`, `Thought 2: ...`, and nothing else.",
  );
}

/** Which of the three jobs a conversation asks for: an episode's next step unless its last message says otherwise. */
export function requestKind(messages: readonly Message[]): "step" | "answer-forcing" | "reformat" {
  const last = messages.at(-1)?.content ?? "";
  if (last.includes(ANSWER_FORCING)) return "answer-forcing";
  return last.includes(REFORMAT) ? "reformat" : "step";
}

/**
 * The steps of a whole solution: each begins at a line that starts with `Thought:`. Observations, which teachers write
 * though they are asked not to, are passed over. Empty where there are no steps.
 */
export function parseSolution(text: string): ReactStep[] {
  const parts = text.split(/^(?=[ \t]*thought[ \t\d]*:)/im);
  return parts
    .map((part) => parseReact(part.split(/^[ \t]*observation[ \t\d]*:/im)[0]!))
    .filter((step): step is ReactStep => step !== null);
}

/**
 * The `count` numbered thoughts in order, each without the action that a teacher may repeat under it; null where one
 * is missing, empty, or cannot stand in a ReAct step.
 */
export function parseThoughts(text: string, count: number): string[] | null {
  const thoughts = new Map<number, string>();
  for (const part of text.split(/^(?=[ \t]*thought[ \t]*\d+[ \t]*:)/im)) {
    const match = /^[ \t]*thought[ \t]*(\d+)[ \t]*:(.*)$/is.exec(part);
    const thought = (parseReact(part)?.thought ?? match?.[2])?.trim();
    if (match && thought && isPrintable({ thought, action: "any" })) thoughts.set(Number(match[1]), thought);
  }
  const ordered = Array.from({ length: count }, (_, i) => thoughts.get(i + 1));
  return ordered.every((t) => t !== undefined) ? (ordered as string[]) : null;
}
