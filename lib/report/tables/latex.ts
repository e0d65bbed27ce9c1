import { groups, type Table, texts } from "./table";

/** A `table` environment in booktabs style, ready to be `\input`; needs \usepackage{booktabs}. */
export function toLatex(table: Table): string {
  const { cells, numeric } = texts(table);
  const spans = groups(table.columns);
  const titles = table.columns.map(({ key, title = key }) => tex(title));
  const line = (parts: readonly string[]) => `    ${parts.join(" & ")} \\\\`;
  return [
    "\\begin{table}",
    "  \\centering",
    ...(table.caption ? [`  \\caption{${tex(table.caption)}}`] : []),
    `  \\begin{tabular}{${numeric.map((n) => (n ? "r" : "l")).join("")}}`,
    "    \\toprule",
    ...(spans.some(({ group }) => group) ? groupLines(spans) : []),
    line(titles),
    "    \\midrule",
    ...cells.map((row) => line(row.map((text, c) => (numeric[c] ? minus(tex(text)) : tex(text))))),
    "    \\bottomrule",
    "  \\end{tabular}",
    ...(table.notes ?? []).map((note) => `  \\par\\footnotesize ${tex(note)}`),
    "\\end{table}",
    "",
  ].join("\n");
}

/** The heading over the columns, and a rule under each group. */
function groupLines(spans: { group: string; span: number }[]): string[] {
  const rules: string[] = [];
  let first = 1;
  for (const { group, span } of spans) {
    if (group) rules.push(`\\cmidrule(lr){${first}-${first + span - 1}}`);
    first += span;
  }
  const heads = spans.map(({ group, span }) => (group ? `\\multicolumn{${span}}{c}{${tex(group)}}` : ""));
  return [`    ${heads.join(" & ")} \\\\`, `    ${rules.join(" ")}`];
}

const special: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "–": "--",
  "[": "{[}", // at the head of a row it would be read as the argument of the \\ before it
  η: "$\\eta$",
  Δ: "$\\Delta$",
};
const tex = (text: string) =>
  text.replace(/[\\~^–[ηΔ]|[&%$#_{}]/g, (character) => special[character] ?? `\\${character}`);
const minus = (text: string) => text.replace(/(?<![-\w])-(?=\d)/g, "$-$");
