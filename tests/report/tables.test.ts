import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatCell, type TableRow } from "../../lib/report/cell";
import { toCsv } from "../../lib/report/tables/csv";
import { toHtml } from "../../lib/report/tables/html";
import { toLatex } from "../../lib/report/tables/latex";
import { toMarkdown } from "../../lib/report/tables/markdown";
import { pivot } from "../../lib/report/tables/pivot";
import type { Table } from "../../lib/report/tables/table";

const estimate = { mean: 41.62, low: 38.2, high: 45 };
const table: Table = {
  caption: "Scores, in %",
  columns: [
    { key: "model", title: "Model" },
    { key: "in", title: "Avg.", group: "Held-in" },
    { key: "n", title: "Episodes", group: "Held-in" },
    { key: "delta", title: "Δ", digits: 2 },
  ],
  rows: [
    { model: "base_7B & more", in: 6, n: 100, delta: -0.001 },
    { model: "tuned|x", in: estimate, n: null, delta: -11 },
  ],
  notes: ["95 % intervals"],
};

test("cells read alike everywhere", () => {
  assert.equal(formatCell(estimate), "41.6 [38.2, 45.0]");
  assert.deepEqual(
    [3, 3.149, null, true, "x", Number.NaN].map((c) => formatCell(c)),
    ["3", "3.1", "–", "yes", "x", "–"],
  );
  assert.equal(formatCell(-0.001, 2), "0.00", "no negative zero");
});

test("Markdown", () => {
  assert.equal(
    toMarkdown(table),
    [
      "Scores, in %",
      "",
      "| Model          |     Held-in: Avg. | Held-in: Episodes |      Δ |",
      "| -------------- | ----------------: | ----------------: | -----: |",
      "| base_7B & more |                 6 |               100 |   0.00 |",
      "| tuned\\|x       | 41.6 [38.2, 45.0] |                 – | -11.00 |",
      "",
      "- 95 % intervals",
      "",
    ].join("\n"),
  );
});

test("LaTeX: booktabs, groups ruled, nothing left unescaped", () => {
  const latex = toLatex(table);
  assert.match(latex, /\\begin\{tabular\}\{lrrr\}/);
  assert.ok(latex.includes("     & \\multicolumn{2}{c}{Held-in} &  \\\\\n    \\cmidrule(lr){2-3}"), latex);
  assert.ok(latex.includes("base\\_7B \\& more & 6 & 100 & 0.00 \\\\"));
  assert.ok(latex.includes("41.6 {[}38.2, 45.0] & -- & $-$11.00"));
  assert.ok(latex.includes("\\caption{Scores, in \\%}"));
});

test("HTML: text cannot become markup", () => {
  const html = toHtml({ columns: [{ key: "a" }], rows: [{ a: "<b>\"&'" }], caption: "<i>" });
  assert.ok(
    html.includes('<td style="text-align: left">&lt;b&gt;&quot;&amp;&#39;</td>') &&
      html.includes("<caption>&lt;i&gt;"),
  );
  assert.ok(toHtml(table).includes('<th colspan="2">Held-in</th>'));
});

/** RFC 4180, read back without a library, to hold the writer to it. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    lines.at(-1)!.push(quoted === undefined ? bare! : quoted.replaceAll('""', '"'));
    if (end === "\n") lines.push([]);
  }
  return lines.slice(0, -1);
}

test("CSV keeps every digit and every character", () => {
  const row = fc.record(
    { text: fc.string({ unit: "grapheme" }), number: fc.double({ noNaN: true, noDefaultInfinity: true }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const [head, ...lines] = parseCsv(toCsv(rows));
      assert.deepEqual(head, ["text", "number"]);
      assert.deepEqual(
        lines.map(([text, number]) => [text, Number(number)]),
        rows.map(({ text, number }) => [text, number + 0]),
      );
    }),
  );
  assert.equal(
    toCsv(table.rows),
    "model,in,n,delta,in_low,in_high\nbase_7B & more,6,100,-0.001,,\ntuned|x,41.62,,-11,38.2,45\n",
  );
});

test("pivot: long to wide in the order of appearance, gaps null", () => {
  const rows: TableRow[] = [
    { model: "z", size: 1, task: "WebShop", score: estimate },
    { model: "z", size: 1, task: "ALFWorld", score: 2 },
    { model: "a", size: 2, task: "WebShop", score: 3 },
  ];
  const wide = pivot(rows, { by: ["model", "size"], names: "task", values: "score" });
  assert.deepEqual(wide, [
    { model: "z", size: 1, WebShop: estimate, ALFWorld: 2 },
    { model: "a", size: 2, WebShop: 3, ALFWorld: null },
  ]);
  assert.deepEqual(Object.keys(wide[0]!), ["model", "size", "WebShop", "ALFWorld"]);
  assert.deepEqual(pivot([], { by: ["a"], names: "b", values: "c" }), []);
});
