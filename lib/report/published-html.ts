import type { Cell } from "./cell";
import { escapeHtml } from "./html";
import type { Published } from "./published";
import { toHtml } from "./tables/html";
import { type Column, columnsOf } from "./tables/table";

/** What the paper published, as it prints it: caption, unit, conclusions, numbers, and the notes on them. */
export function publishedHtml(published: Published): string {
  const { paper, source, caption, unit, claims, notes, rows } = published;
  const list = (items: readonly string[], kind: string) =>
    items.length > 0
      ? `<ul class="${kind}">${items.map((i) => `<li>${escapeHtml(i)}</li>`).join("")}</ul>`
      : "";
  const table =
    rows.length > 0
      ? `<div class="scroll">${toHtml({ columns: asPrinted(rows), rows })}</div>`
      : "<p>The paper prints no numbers.</p>";
  return `<h4>Published: ${escapeHtml(`${paper}, ${source}`)}</h4>
<p>${escapeHtml(caption)} <span class="note">Unit: ${escapeHtml(unit)}.</span></p>
${list(claims, "claims")}
${table}
${list(notes, "note")}`;
}

/** Each column with the decimals that the paper prints in it. */
function asPrinted(rows: Published["rows"]): Column[] {
  const decimals = (cell: Cell | undefined) =>
    typeof cell === "number" ? (String(cell).split(".")[1]?.length ?? 0) : 0;
  return columnsOf(rows).map(({ key }) => ({
    key,
    digits: Math.max(...rows.map((row) => decimals(row[key]))),
  }));
}
