import { escapeHtml } from "../html";
import { groups, type Table, texts } from "./table";

/** A `<table>`; numbers have the class `number`. Text says that it is aligned left, as JupyterLab would have it right. */
export function toHtml(table: Table): string {
  const { cells, numeric } = texts(table);
  const spans = groups(table.columns);
  const cell = (tag: string, text: string, c: number) =>
    `<${tag} ${numeric[c] ? 'class="number"' : 'style="text-align: left"'}>${escapeHtml(text)}</${tag}>`;
  const row = (parts: readonly string[]) => `<tr>${parts.join("")}</tr>`;
  const heads = spans.map(({ group, span }) => `<th colspan="${span}">${escapeHtml(group)}</th>`);
  const titles = table.columns.map(({ key, title = key }, c) => cell("th", title, c));
  return [
    "<table>",
    ...(table.caption ? [`<caption>${escapeHtml(table.caption)}</caption>`] : []),
    `<thead>${spans.some(({ group }) => group) ? row(heads) : ""}${row(titles)}</thead>`,
    "<tbody>",
    ...cells.map((line) => row(line.map((text, c) => cell("td", text, c)))),
    "</tbody>",
    "</table>",
    ...(table.notes ?? []).map((note) => `<p class="note">${escapeHtml(note)}</p>`),
  ].join("\n");
}
