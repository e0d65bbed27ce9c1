/**
 * The plan of ReWOO (Xu et al. 2023): every call of a tool, written before any of them is made.
 *
 *     plan     = { "Plan: " text newline "#E" number " = " tool "[" argument "]" newline }
 *     argument = text in which #E1, #E2, … stand for what the calls of those numbers gave
 *
 * Calls are numbered from 1 in their order; each may refer to those before it.
 */

export interface PlannedCall {
  /** What the call is for, in a line. */
  plan: string;
  tool: string;
  argument: string;
}

/** The tool that asks a language model: https://arxiv.org/abs/2305.18323, section 2.2. */
export const LLM = "LLM";

const reference = /#E(\d+)/g;
const call = /^#E(\d+)\s*=\s*([A-Za-z]+)\s*\[(.*)\]$/;

/** Reads a plan; null where it is none: nothing planned, a call that does not parse or is misnumbered. */
export function parsePlan(text: string): PlannedCall[] | null {
  const calls: PlannedCall[] = [];
  let plan = "";
  for (const line of text.split("\n").map((l) => l.trim())) {
    const found = call.exec(line);
    if (found) {
      if (Number(found[1]) !== calls.length + 1) return null;
      calls.push({ plan, tool: found[2]!, argument: found[3]!.trim() });
      plan = "";
    } else if (line.startsWith("#E")) return null;
    else plan = `${plan} ${line.replace(/^Plan:\s*/, "")}`.trim();
  }
  return calls.length > 0 ? calls : null;
}

/** The plan as text; `parsePlan` gives it back. Texts are single lines. */
export function printPlan(calls: readonly PlannedCall[]): string {
  return calls
    .map(({ plan, tool, argument }, i) => `Plan: ${plan}\n#E${i + 1} = ${tool}[${argument}]`)
    .join("\n");
}

/** The plan with what each call gave, as the solver reads it. */
export function printEvidence(calls: readonly PlannedCall[], evidence: readonly string[]): string {
  return calls
    .map((c, i) => `Plan: ${c.plan}\n#E${i + 1} = ${c.tool}[${c.argument}]\nEvidence: ${evidence[i]}`)
    .join("\n");
}

/** Puts evidence in the place of its references; one to a call that has not been made stays. */
export function resolve(text: string, evidence: readonly string[]): string {
  return text.replace(reference, (whole, number) => evidence[Number(number) - 1] ?? whole);
}
