/** The everyday words behind the base model: a text file of `group: words` lines. */
import { readFileSync } from "node:fs";
import { InputError } from "../../util/errors";

/** Words by group, in the file's order. */
export type Lexicon = Record<string, string[]>;

/** Reads a lexicon; `#` starts a comment line, a group may take several lines. Throws InputError with file and line. */
export function readLexicon(path: string): Lexicon {
  const lexicon: Lexicon = {};
  readFileSync(path, "utf8")
    .split("\n")
    .forEach((line, i) => {
      if (line.trim() === "" || line.startsWith("#")) return;
      const match = /^(\w+): (.+)$/.exec(line);
      if (!match) throw new InputError(`${path}:${i + 1}: not "group: words"`);
      lexicon[match[1]!] = [...new Set([...(lexicon[match[1]!] ?? []), ...match[2]!.split(/\s+/)])];
    });
  return lexicon;
}
