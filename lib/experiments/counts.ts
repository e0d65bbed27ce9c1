/** How many instances or trajectories of each task: one number for all, a number a task, or what the paper prints. */
import { z } from "zod";
import { type Published, publishedNumber, readPublished } from "../report/published";
import { getTask, tasks } from "../tasks/registry";
import { InputError, unknown } from "../util/errors";

/** The name of a task in the registry. */
export const taskName = z.string().refine((name) => tasks.some((t) => t.name === name), {
  error: (issue) =>
    unknown(
      "task",
      String(issue.input),
      tasks.map((t) => t.name),
    ).message,
});

const count = z.int().positive();

/** `60`, `published`, or `{ webshop: 200, mind2web: 1173 }`, which must name every task that is asked for. */
export const countsSchema = z.union([count, z.literal("published"), z.record(taskName, count)]);
export type Counts = z.infer<typeof countsSchema>;

/** Where the paper prints them: trajectories of the bank in Table 2, instances of the test sets in Table 3. */
export type PublishedCounts = "table-2" | "table-3";

/**
 * The count of one task.
 *
 * @param what names the count in messages: `data.test`
 * @throws InputError where it is not said, or the paper prints none
 */
export function countOf(counts: Counts, task: string, source: PublishedCounts, what: string): number {
  if (typeof counts === "number") return counts;
  if (counts !== "published") {
    const own = counts[task];
    if (own === undefined) throw new InputError(`${what}: no count of ${task}`);
    return own;
  }
  const table = tableOf(source);
  const { title } = getTask(task);
  if (!table.rows.some((row) => row["task"] === title))
    throw new InputError(`${what}: published, but ${table.source} has no ${title}; give each task its count`);
  return publishedNumber(table, { task: title }, "instances")!;
}

const tables = new Map<string, Published>();

/** Presets ask for thousands of counts: a table is read once. */
function tableOf(source: PublishedCounts): Published {
  const table = tables.get(source) ?? readPublished(source);
  tables.set(source, table);
  return table;
}
