/** The papers' own numbers: data/published/, one file a table or figure, named `table-4` or `figure-3`. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { check } from "../util/check";
import { unknown } from "../util/errors";
import { ROOT } from "../util/files";

const folder = join(ROOT, "data", "published");

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const publishedSchema = z.strictObject({
  paper: z.enum(["AgentBank", "AgentTuning"]),
  /** Where in the paper, as it prints it: `Table 4`. */
  source: z.string(),
  caption: z.string(),
  unit: z.string(),
  /** What the paper concludes, for comparison with what is measured; the only content of figures without numbers. */
  claims: z.array(z.string()).default([]),
  /** Contradictions and readings: where printed numbers do not follow from one another, and what they lack. */
  notes: z.array(z.string()).default([]),
  /** What a column is divided by before a row's columns are averaged, where its average is weighted so. */
  weights: z.record(z.string(), z.number().positive()).optional(),
  /** As printed. Tasks and models bear the paper's names, which are the tasks' titles in the registry. */
  rows: z.array(z.record(z.string(), cell)),
});
export type Published = z.infer<typeof publishedSchema>;
export type PublishedRow = Published["rows"][number];

/** Names of all published tables and figures, in alphabetical order. */
export function publishedNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/** One table or figure. Throws InputError naming the known ones. */
export function readPublished(name: string): Published {
  const names = publishedNames();
  if (!names.includes(name)) throw unknown("published table or figure", name, names);
  return check(publishedSchema, parse(readFileSync(join(folder, `${name}.yaml`), "utf8")));
}

/**
 * The published number in `column` of the one row that agrees with `where`; null where the paper prints none.
 *
 *     publishedNumber(readPublished("table-4"), { model: "SAMOYED-7B", held: "out" }, "average") // 34.3
 *
 * Throws RangeError where no row, or more than one, agrees.
 */
export function publishedNumber(table: Published, where: PublishedRow, column: string): number | null {
  const rows = table.rows.filter((row) => Object.entries(where).every(([key, value]) => row[key] === value));
  if (rows.length !== 1)
    throw new RangeError(`${table.source}: ${rows.length} rows with ${JSON.stringify(where)}, expected one`);
  const value = rows[0]![column];
  return typeof value === "number" ? value : null;
}
