/** Notebook files: where they are, and their cells. Format: https://nbformat.readthedocs.io/en/latest/format_description.html */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAll, unknown } from "../util/errors";
import { ROOT } from "../util/files";

export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  source: string | string[];
  metadata: { tags?: string[]; execution?: Record<string, string> };
  id?: string;
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** Where the authored notebooks are. */
export const NOTEBOOKS = join(ROOT, "notebooks");

/** Their names, without `.ipynb`, sorted. */
export function notebookNames(folder: string = NOTEBOOKS): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb"))
    .map((file) => file.slice(0, -".ipynb".length))
    .sort();
}

/** Throws an InputError, with the known names, for every name that is none of a notebook. */
export function requireNotebooks(names: readonly string[], folder: string = NOTEBOOKS): void {
  const known = notebookNames(folder);
  checkAll(
    ...names.map((name) => () => {
      if (!known.includes(name)) throw unknown("notebook", name, known);
    }),
  );
}

export function readNotebook(path: string): Notebook {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** A cell's text; files hold it whole or as lines. */
export function sourceOf(cell: Cell): string {
  return Array.isArray(cell.source) ? cell.source.join("") : cell.source;
}

/**
 * The cells that run, in order. Their place here, counted from 1, is the number that every message uses: it is the
 * `[n]` that Jupyter shows when all cells are run. Injected parameters have none.
 */
export function runnableCells(notebook: Notebook): Cell[] {
  return notebook.cells.filter(
    (cell) =>
      cell.cell_type === "code" &&
      sourceOf(cell).trim() !== "" &&
      !cell.metadata.tags?.includes("injected-parameters"),
  );
}
