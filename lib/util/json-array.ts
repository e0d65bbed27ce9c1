/** Files that are one JSON array of rows, read so that each row knows the line it starts on. */
import { existsSync, readFileSync } from "node:fs";
import { InputError } from "./errors";
import { parseRow, type Row } from "./jsonl";

/**
 * The elements of the array in a file. A malformed element comes as a row with a reason and the rest is still read,
 * as long as its brackets and quotes balance. Throws InputError where the file is missing or holds no array.
 */
export function readJsonArray(path: string): Row[] {
  if (!existsSync(path)) throw new InputError(`no such file: ${path}`);
  const text = readFileSync(path, "utf8").trimEnd();
  const open = text.search(/\S/);
  if (text[open] !== "[") throw new InputError(`${path}:1: not a JSON array of rows`);

  const rows: Row[] = [];
  const token = /"(?:[^"\\]|\\[\s\S])*"|[[\]{},]/g;
  token.lastIndex = open + 1;
  let depth = 1;
  let start = open + 1;
  let line = newlines(text.slice(0, start)) + 1;
  const element = (end: number) => {
    const source = text.slice(start, end);
    line += newlines(source.slice(0, source.search(/\S|$/)));
    if (source.trim() !== "") rows.push(parseRow(line, source));
    line += newlines(source.trimStart());
    start = end + 1;
  };
  for (let match = token.exec(text); match && depth > 0; match = token.exec(text)) {
    if (match[0] === "[" || match[0] === "{") depth++;
    else if (match[0] === "]" || match[0] === "}") depth--;
    if (depth === 0 || (depth === 1 && match[0] === ",")) element(match.index);
  }
  if (depth > 0) rows.push({ line: 1 + newlines(text), reason: "not JSON: the array is never closed" });
  return rows;
}

const newlines = (text: string) => text.split("\n").length - 1;
