/** What notebooks show: figures and tables of the report, in every form that a front end may want. */
import { figureBundle } from "../report/bundle";
import type { TableRow } from "../report/cell";
import type { Draw } from "../report/figures/figure";
import { readPublished } from "../report/published";
import { publishedHtml } from "../report/published-html";
import { toHtml } from "../report/tables/html";
import { toMarkdown } from "../report/tables/markdown";
import { type Column, columnsOf } from "../report/tables/table";
import { display, type Shown } from "../util/display";

/** Shows a figure: interactive in JupyterLab and VS Code, a picture on GitHub. */
export async function showFigure(draw: Draw, title?: string): Promise<Shown> {
  return display(await figureBundle(draw, title));
}

/** Shows rows as a table. */
export function showTable(rows: readonly TableRow[], columns: readonly Column[] = columnsOf(rows)): Shown {
  const table = { columns, rows };
  return display({ "text/html": toHtml(table), "text/plain": toMarkdown(table) });
}

/** Shows what the paper published in a table or figure, as in data/published/: `showPublished("table-6")`. */
export function showPublished(name: string): Shown {
  const published = readPublished(name);
  const { paper, source, rows } = published;
  const plain = toMarkdown({ columns: columnsOf(rows), rows, caption: `${paper}, ${source}` });
  return display({ "text/html": publishedHtml(published), "text/plain": plain });
}
