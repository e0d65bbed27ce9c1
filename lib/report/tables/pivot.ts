import { type ColumnTable, from } from "arquero";
import type { TableRow } from "../cell";

/**
 * Long rows made wide: one row for each combination of the `by` columns, one column for each value of `names`, filled
 * from `values`. Rows and columns keep the order in which they first appear; what is missing is null.
 *
 *     pivot(scores, { by: ["model"], names: "task", values: "score" })
 *     // [{ model: "base", GSM8K: 3.1, WebShop: 12.0 }, …]
 */
export function pivot(
  rows: readonly TableRow[],
  { by, names, values }: { by: readonly string[]; names: string; values: string },
): TableRow[] {
  if (rows.length === 0) return [];
  const wide: ColumnTable = from([...rows])
    .groupby(...by)
    .pivot(names, values, { sort: false, limit: Infinity });
  return wide
    .objects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v ?? null])) as TableRow);
}
