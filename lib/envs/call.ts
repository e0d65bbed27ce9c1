/** Actions of the form `name[argument]`, as ReAct writes them. */
export interface Call {
  /** Lower case. */
  name: string;
  /** Without outer white space. */
  argument: string;
}

/** Reads `search[Green Harbor]`; null for anything else. The argument may hold brackets of its own. */
export function parseCall(action: string): Call | null {
  const match = /^\s*([a-z]+)\s*\[([\s\S]*)\]\s*$/i.exec(action);
  return match && { name: match[1]!.toLowerCase(), argument: match[2]!.trim() };
}
