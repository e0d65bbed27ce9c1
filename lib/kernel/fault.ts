/** Why a cell failed, as Jupyter's `error` message tells it: with the cell's line, an excerpt, and the stack. */
import type { Diagnostic } from "tslab/dist/converter";
import type { ToLine } from "./commonjs";

export interface Fault {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A cell that ran: its source, and the way from the compiled code to it. */
export interface RanCell {
  source: string;
  toLine: ToLine;
}

/** A cell that does not compile. */
export class CompileError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(`${diagnostics.length} diagnostics`);
  }
}

/** A cell that the user stopped. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/** A position in a cell, as stacks show it before and after it is led back to the cell's line. */
const POSITION = /cell\[(\d+)\]:(\d+):(\d+)/g;
/** Where a stack leaves the cells: below are tslab's and the kernel's own frames. */
const KERNEL_FRAME = /^\s+at .*(node:vm|tslab[\\/]dist|[\\/]kernel[\\/]cells)/;

/** The frame of what tslab wraps around a cell. */
const NO_LINE = "no line of a cell";

/** Syntax errors have codes below 2000 in TypeScript. */
export function compileFault(error: CompileError, cell: number, source: string): Fault {
  const faults = byPosition(error.diagnostics);
  const [first] = faults;
  const ename = first!.code < 2000 ? "SyntaxError" : "TypeScriptError";
  const evalue = `${first!.text} (TS${first!.code})`;
  const traceback = faults.flatMap(({ file, line, text, code }) => [
    `${code < 2000 ? "SyntaxError" : "TypeScriptError"}: ${text} (TS${code})`,
    ...(file ? [`    at ${file}:${line}`] : [`cell ${cell}, line ${line}:`, ...excerpt(source, line)]),
  ]);
  return { ename, evalue, traceback };
}

/** tslab gives a message that explains itself in several parts as several diagnostics at one place. */
function byPosition(diagnostics: readonly Diagnostic[]) {
  const faults: { file: string | undefined; offset: number; line: number; code: number; text: string }[] = [];
  for (const { fileName: file, start, code, messageText } of diagnostics) {
    const last = faults.at(-1);
    if (last && last.offset === start.offset) last.text += `\n  ${messageText}`;
    else faults.push({ file, offset: start.offset, line: start.line + 1, code, text: messageText });
  }
  return faults;
}

/** The fault of a cell that threw `thrown`, which need not be an Error. `cells` are by execution count. */
export function runtimeFault(thrown: unknown, cells: ReadonlyMap<number, RanCell>): Fault {
  if (interrupted(thrown)) {
    return { ename: "Interrupted", evalue: "the cell was interrupted", traceback: ["Interrupted"] };
  }
  if (!(thrown instanceof Error) && !looksLikeError(thrown)) {
    const text = String(thrown);
    return {
      ename: "Thrown",
      evalue: text,
      traceback: [`Thrown: ${text} (not an Error, so without a stack)`],
    };
  }
  const frames = framesOf(thrown)
    .map((frame) => frame.replace(POSITION, (_, n, l, c) => place(cells, +n, +l, +c)))
    .filter((frame) => !frame.includes(NO_LINE))
    // An earlier cell's function is called as a member of tslab's store of names.
    .map((frame) => frame.replace("at Proxy.", "at "));
  const at = frames.map((frame) => /cell (\d+):(\d+)/.exec(frame)).find((match) => match !== null);
  const where = at ? [`cell ${at[1]}, line ${at[2]}:`, ...excerpt(cells.get(+at[1]!)!.source, +at[2]!)] : [];
  const cause =
    thrown.cause === undefined ? [] : indent(["caused by", ...runtimeFault(thrown.cause, cells).traceback]);
  return {
    ename: thrown.name,
    evalue: thrown.message,
    traceback: [`${thrown.name}: ${thrown.message}`, ...where, ...frames, ...cause],
  };
}

/** Errors of another realm (a vm context) fail `instanceof`. */
function looksLikeError(thrown: unknown): thrown is Error {
  return typeof thrown === "object" && thrown !== null && "stack" in thrown && "message" in thrown;
}

function interrupted(thrown: unknown): boolean {
  if (thrown instanceof Interrupted) return true;
  return (thrown as { code?: string } | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}

/** The stack's frames down to the kernel's own. The message before them may hold any text, so it is left out by length. */
function framesOf(error: Error): string[] {
  const lines = (error.stack ?? "").split("\n");
  const start = lines.findIndex((line) => /^\s+at /.test(line));
  const frames = start < 0 ? [] : lines.slice(start);
  const end = frames.findIndex((line) => KERNEL_FRAME.test(line));
  return end < 0 ? frames : frames.slice(0, end);
}

function place(cells: ReadonlyMap<number, RanCell>, cell: number, line: number, column: number): string {
  const found = cells.get(cell)?.toLine(line, column);
  return found ? `cell ${cell}:${found}` : NO_LINE;
}

/** The line with two before and two after it, numbered, an arrow at the line. */
function excerpt(source: string, line: number): string[] {
  const lines = source.split("\n");
  const first = Math.max(1, line - 2);
  return lines
    .slice(first - 1, line + 2)
    .map((text, i) => `${first + i === line ? "-->" : "   "} ${String(first + i).padStart(3)} ${text}`);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
