/**
 * A ReAct trajectory as ReWOO would have gone: what each action takes from earlier observations becomes a reference, so
 * that all of them could have been planned.
 *
 *     Action: calculate[18 + 6 * 5]   o: 48        Plan: …  #E1 = calculate[18 + 6 * 5]
 *     Action: calculate[48 + 37]      o: 85        Plan: …  #E2 = calculate[#E1 + 37]
 *
 * Where an argument is part of a longer observation, a language model has to read it out:
 *
 *     Action: search[Alice]   o: Alice is a painter. Alice is married to Adam. …
 *     Action: search[Adam]                         #E2 = LLM[What to search next, from: #E1]   #E3 = search[#E2]
 *
 * An argument that mixes what only an observation tells with other words cannot be planned; the row says so.
 */
import { parseCall } from "../../envs/call";
import { instanceText } from "../../tasks/prompt";
import type { Task } from "../../tasks/task";
import type { Trajectory, Turn } from "../../trajectory/schema";
import { LLM, type PlannedCall, printPlan, resolve } from "./plan";
import { plannerPrompt, rewooFault, solverPrompt, workerPrompt } from "./prompts";

export interface Rewritten {
  calls: PlannedCall[];
  /** What each call gave. */
  evidence: string[];
}

/** Planner, workers and solver as rows to train on, or why the trajectory cannot be planned. */
export function rewooRows(task: Task, trajectory: Trajectory): { rows: Trajectory[] } | { fault: string } {
  const fault = rewooFault(task);
  if (fault) return { fault };
  const { turns } = trajectory;
  const opening = turns.findIndex(({ role }) => role === "user");
  const question = instanceText(task, turns[opening]?.content ?? "");
  if (question === null) return { fault: "its opening prompt is not the kit's" };
  const rewritten = rewrite(question, turns.slice(opening + 1));
  if ("fault" in rewritten) return rewritten;

  const { calls, evidence } = rewritten;
  const row = (name: string, asked: string, reply: Omit<Turn, "role" | "loss">): Trajectory => ({
    ...trajectory,
    id: `${trajectory.id}/${name}`,
    turns: [
      { role: "user", content: asked, loss: false },
      { role: "assistant", ...reply, loss: true },
    ],
  });
  const workers = calls.flatMap(({ tool, argument }, i) =>
    tool === LLM
      ? [
          row(`worker-${i + 1}`, workerPrompt(question, resolve(argument, evidence)), {
            content: evidence[i]!,
          }),
        ]
      : [],
  );
  const { content, thought, action } = turns.findLast(({ role }) => role === "assistant")!;
  return {
    rows: [
      row("planner", plannerPrompt(task, question), { content: printPlan(calls) }),
      ...workers,
      row("solver", solverPrompt(task, question, calls, evidence), { content, thought, action }),
    ],
  };
}

/** The calls before the last action, which finishes, and what they gave. Carried out, they are the same actions. */
export function rewrite(question: string, turns: readonly Turn[]): Rewritten | { fault: string } {
  const said = turns.filter(({ role }) => role === "assistant");
  const observations = turns
    .filter(({ role }) => role === "user")
    .map(({ content }) => content.replace(/^Observation: /, ""));
  const steps = said.map(({ action, thought }) => ({ ...parseCall(action ?? ""), thought: thought ?? "" }));
  if (steps.at(-1)?.name !== "finish") return { fault: "it does not end in finish[answer]" };

  const calls: PlannedCall[] = [];
  const evidence: string[] = [];
  const add = (call: PlannedCall, gave: string) => {
    calls.push(call);
    return `#E${evidence.push(gave)}`;
  };
  for (const [i, { name, argument, thought }] of steps.slice(0, -1).entries()) {
    if (name === undefined || argument === undefined) return { fault: `action ${i + 1} is no call` };
    if (/[\n#]/.test(argument))
      return { fault: `the argument of action ${i + 1} is more than a line of text` };
    let planned = withReferences(argument, question, evidence);
    if (isFromEvidence(planned, question, evidence)) {
      const source = evidence.findLastIndex((text) => occurrences(text, argument).length > 0);
      if (source < 0) return { fault: `no observation holds the argument of action ${i + 1} as it is` };
      const asked = `What to ${name} next, from: #E${source + 1}`;
      planned = add({ plan: "Read the evidence.", tool: LLM, argument: asked }, argument);
    }
    const told = withReferences(thought, question, evidence);
    const generic = `${name[0]!.toUpperCase()}${name.slice(1)} ${planned}.`;
    const plan =
      told === "" || told.includes("\n") || isFromEvidence(told, question, evidence) ? generic : told;
    add({ plan, tool: name, argument: planned }, observations[i] ?? "");
  }
  return calls.length > 0 ? { calls, evidence } : { fault: "it makes no call before it finishes" };
}

/** Evidence longer than this is a passage to read in, not a value to pass on. */
const VALUE = 40;

/** Whole values of the evidence that the question does not hold become references, the latest first. */
function withReferences(text: string, question: string, evidence: readonly string[]): string {
  return evidence.reduceRight((text, value, i) => {
    const passes = value !== "" && value.length <= VALUE && occurrences(question, value).length === 0;
    if (!passes) return text;
    return occurrences(text, value).reduceRight(
      (text, at) => `${text.slice(0, at)}#E${i + 1}${text.slice(at + value.length)}`,
      text,
    );
  }, text);
}

/** Whether a word of the text is in the evidence and not in the question: it was not known beforehand. */
function isFromEvidence(text: string, question: string, evidence: readonly string[]): boolean {
  const known = words(question);
  const learnt = new Set(evidence.flatMap((value) => [...words(value)]));
  return [...words(text.replace(/#E\d+/g, " "))].some((word) => learnt.has(word) && !known.has(word));
}

/** Names, numbers and words of more than three letters; the short ones tell nothing. */
const words = (text: string) =>
  new Set((text.match(/\p{Lu}[\p{L}\d]*|\d+(?:\.\d+)?|\p{L}{4,}/gu) ?? []).map((w) => w.toLowerCase()));

/** Where a value stands in a text as words of its own. */
function occurrences(text: string, value: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
    const [before, after] = [text[at - 1] ?? " ", text.slice(at + value.length, at + value.length + 2)];
    // A number goes on behind its point, and no word begins or ends within another.
    if (!/[\p{L}\d#.]/u.test(before) && !/^(?:[\p{L}\d]|\.\d)/u.test(after)) found.push(at);
  }
  return found;
}
