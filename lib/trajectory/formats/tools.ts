/**
 * Tool use, as chat formats write it, in the terms of ReAct: a call is an action, its result an observation, and the
 * tools on offer are told by the system turn. One call a step, as in the paper.
 *
 *     {name: "search", arguments: …}  ↔  Action: {"name":"search","arguments":…}
 *     result                          ↔  Observation: result
 *     tools                           ↔  system turn ending in `Tools: [...]`
 */

import type { Turn } from "../schema";
import { system } from "./format";

const observation = "Observation: ";

export const printResult = (result: string) => observation + result;

/** The result that an observation carries, or null. */
export const parseResult = (content: string) =>
  content.startsWith(observation) ? content.slice(observation.length) : null;

/** The call that an action carries, or null. `arguments` stays what it was: a JSON string or an object. */
export function parseCall(action: string | undefined): { name: string; arguments: unknown } | null {
  const call = parseJson(action ?? "");
  return call &&
    typeof call === "object" &&
    "name" in call &&
    "arguments" in call &&
    typeof call.name === "string"
    ? { name: call.name, arguments: call.arguments }
    : null;
}

/** The system turn that tells the tools, given as JSON, after the system message; none where there is neither. */
export function systemWithTools(message: string | null, tools: string | null): Turn[] {
  const parts = [message, tools === null ? null : `Tools: ${tools}`].filter((part) => part !== null);
  return parts.length > 0 ? [system(parts.join("\n\n"))] : [];
}

/** Undoes `systemWithTools`. */
export function splitTools(content: string): { message: string | null; tools: string | null } {
  const match = /(?:^|\n\n)Tools: (\[[\s\S]*\])$/.exec(content);
  if (!match || parseJson(match[1]!) === undefined) return { message: content, tools: null };
  return {
    message: match.index === 0 && content.startsWith("Tools: ") ? null : content.slice(0, match.index),
    tools: match[1]!,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
