import { type Table, texts } from "./table";

/** GitHub's Markdown, columns padded so that the source reads well too. Groups stand before the titles. */
export function toMarkdown(table: Table): string {
  const { cells, numeric } = texts(table);
  const titles = table.columns.map(({ key, title = key, group }) => (group ? `${group}: ${title}` : title));
  const lines = [titles, ...cells].map((line) => line.map(oneLine));
  const widths = titles.map((_, c) => Math.max(3, ...lines.map((line) => line[c]!.length)));
  const pad = (text: string, c: number) => (numeric[c] ? text.padStart(widths[c]!) : text.padEnd(widths[c]!));
  const row = (parts: readonly string[]) => `| ${parts.join(" | ")} |`;
  const rule = widths.map((width, c) => (numeric[c] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  const [head, ...body] = lines.map((line) => row(line.map(pad)));
  return [
    ...(table.caption ? [table.caption, ""] : []),
    head,
    row(rule),
    ...body,
    ...(table.notes?.length ? ["", ...table.notes.map((note) => `- ${note}`)] : []),
    "",
  ].join("\n");
}

const oneLine = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("\n", " ");
