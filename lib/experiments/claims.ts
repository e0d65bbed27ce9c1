/** figures/PRESET/claims.md: every claim of the papers with its verdict, from what the experiments left there. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TableRow } from "../report/cell";
import { publishedNames, readPublished } from "../report/published";
import { toCsv } from "../report/tables/csv";
import { toMarkdown } from "../report/tables/markdown";
import { columnsOf } from "../report/tables/table";
import { writeAtomic } from "../util/files";
import { type Verdict, verdictRows } from "./verdict";

const SUFFIX = ".verdicts.json";

/** Leaves an experiment's verdicts for the table of claims. */
export function writeVerdicts(folder: string, experiment: string, verdicts: readonly Verdict[]): void {
  mkdirSync(folder, { recursive: true });
  writeAtomic(join(folder, `${experiment}${SUFFIX}`), `${JSON.stringify(verdicts, null, 2)}\n`);
}

/** All verdicts of a folder of figures, with the experiment that each is from. */
export function readVerdicts(folder: string): (Verdict & { experiment: string })[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .sort()
    .flatMap((file) => {
      const verdicts = JSON.parse(readFileSync(join(folder, file), "utf8")) as Verdict[];
      return verdicts.map((verdict) => ({ ...verdict, experiment: file.slice(0, -SUFFIX.length) }));
    });
}

/** A row a verdict, in the order of the published claims; a claim that no experiment has judged yet says so. */
export function claimRows(folder: string): TableRow[] {
  const verdicts = readVerdicts(folder);
  return publishedNames().flatMap((name) => {
    const { paper, source, claims } = readPublished(name);
    return claims.flatMap((claim): TableRow[] => {
      const own = verdicts.filter((v) => v.source === name && v.claim === claim);
      const where = { paper, source };
      if (own.length > 0)
        return verdictRows(own).map((row, i) => ({ ...where, ...row, experiment: own[i]!.experiment }));
      return [
        {
          ...where,
          claim,
          published: null,
          test: null,
          measured: null,
          verdict: "not run",
          note: null,
          experiment: null,
        },
      ];
    });
  });
}

/** Writes claims.md and claims.csv beside the figures; gives the path of the first. */
export function writeClaims(folder: string, preset: string): string {
  const rows = claimRows(folder);
  const path = join(folder, "claims.md");
  const caption = `Claims of the papers at preset ${preset}: published, measured with its 95 % interval, verdict`;
  writeAtomic(path, `${toMarkdown({ columns: columnsOf(rows), rows, caption })}\n`);
  writeAtomic(join(folder, "claims.csv"), toCsv(rows));
  return path;
}
