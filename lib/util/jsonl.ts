/** JSON Lines: one JSON value a line, UTF-8, `\n` between lines. */
import { appendFileSync, createReadStream, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "./errors";
import { writeAtomic } from "./files";

/** A row of a data file: its value, or why it has none. `line` counts from 1. */
export type Row = { line: number; value: unknown; reason?: undefined } | { line: number; reason: string };

/** One JSON text as a row. */
export function parseRow(line: number, text: string): Row {
  try {
    return { line, value: JSON.parse(text) };
  } catch (error) {
    return { line, reason: `not JSON: ${(error as Error).message}` };
  }
}

/**
 * Streams the rows of a file; blank lines are passed over, malformed ones come as rows with a reason. A last line
 * without its newline is read like any other, so a file cut short in mid-write ends with one reason.
 * Lines end at `\n` alone: JSON strings may hold U+2028 as it is, at which node:readline would split.
 * Throws InputError where there is no such file.
 */
export async function* readJsonl(path: string): AsyncGenerator<Row> {
  if (!existsSync(path)) throw new InputError(`no such file: ${path}`);
  let line = 0;
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const text of lines) {
      line++;
      if (text.trim() !== "") yield parseRow(line, text);
    }
  }
  if (rest.trim() !== "") yield parseRow(line + 1, rest);
}

/** Appends values as lines, in one write, so that concurrent writers never interleave within a line. */
export function appendJsonl(path: string, ...values: unknown[]): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, toJsonl(values));
}

/** Writes the whole file, or leaves what was there. */
export function writeJsonl(path: string, values: Iterable<unknown>): void {
  writeAtomic(path, toJsonl(values));
}

function toJsonl(values: Iterable<unknown>): string {
  return Array.from(values, (value) => `${JSON.stringify(value)}\n`).join("");
}
