/** What notebooks show: figures, tables, conversations and tokens, in every form that a front end may want. */
import { loadTokenizer } from "../model/tokenizer";
import { figureBundle } from "../report/bundle";
import type { TableRow } from "../report/cell";
import { conversationHtml } from "../report/conversation-html";
import type { Draw } from "../report/figures/figure";
import { readPublished } from "../report/published";
import { publishedHtml } from "../report/published-html";
import { toHtml } from "../report/tables/html";
import { toMarkdown } from "../report/tables/markdown";
import { type Column, columnsOf } from "../report/tables/table";
import { tokenRow } from "../training/mask";
import { showTokensHtml, showTokens as tokensText } from "../training/viewer";
import type { Trajectory, Turn } from "../trajectory/schema";
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

/** Shows the turns of an episode or a trajectory, each to unfold. */
export function showConversation(turns: readonly Turn[]): Shown {
  const plain = turns.map(({ role, content }) => `${role}\n${content}`).join("\n\n");
  return display({ "text/html": conversationHtml(turns), "text/plain": plain });
}

/** Shows a trajectory as the tokens of a model's folder, those that are trained marked. */
export function showTokens(trajectory: Trajectory, model: string, longest?: number): Shown {
  const tokenizer = loadTokenizer(model);
  const row = tokenRow(trajectory, tokenizer, longest);
  return display({
    "text/html": showTokensHtml(row, tokenizer),
    "text/plain": tokensText(row, tokenizer),
  });
}

/** Shows a value as a tree to unfold in JupyterLab, as JSON elsewhere. */
export function showJson(value: object): Shown {
  return display({ "application/json": value, "text/plain": JSON.stringify(value, null, 2) });
}
