/** A table as data; its neighbours write it as Markdown, LaTeX, HTML and CSV. */
import { type Cell, formatCell, type TableRow } from "../cell";

export interface Column {
  key: string;
  /** Default: the key. */
  title?: string;
  /** Heading over neighbouring columns of the same group: `Held-in`. */
  group?: string;
  /** Decimals. Default: 1, and none for integers. */
  digits?: number;
}

export interface Table {
  columns: readonly Column[];
  rows: readonly TableRow[];
  caption?: string;
  /** Footnotes: units, intervals, whatever is simulated. */
  notes?: readonly string[];
}

/** One column a key of the rows, in the order in which the keys appear. */
export function columnsOf(rows: readonly TableRow[]): Column[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))].map((key) => ({ key }));
}

/** The rows as text, and which columns hold numbers alone and so align right. */
export function texts({ columns, rows }: Table): { cells: string[][]; numeric: boolean[] } {
  const isNumeric = (cell: Cell | undefined) =>
    cell === null || cell === undefined || typeof cell !== "string";
  return {
    cells: rows.map((row) => columns.map(({ key, digits }) => formatCell(row[key], digits))),
    numeric: columns.map(({ key }) => rows.length > 0 && rows.every((row) => isNumeric(row[key]))),
  };
}

/** Neighbouring columns of one group, with how many they are; an ungrouped column has the group "". */
export function groups(columns: readonly Column[]): { group: string; span: number }[] {
  const spans: { group: string; span: number }[] = [];
  for (const { group = "" } of columns) {
    const last = spans.at(-1);
    if (last && last.group === group && group !== "") last.span++;
    else spans.push({ group, span: 1 });
  }
  return spans;
}
