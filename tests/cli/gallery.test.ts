/** The gallery and the exports, of a figure and an executed notebook that were written by hand. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { parse, stringify } from "yaml";
import { bars } from "../../lib/report/figures/bars";
import { closeRenderer } from "../../lib/report/render";
import { saveFigure } from "../../lib/report/save";
import { light } from "../../lib/report/theme";
import { ROOT } from "../../lib/util/files";
import { unavailable } from "../kernel/drive";

const PRESET = "test-gallery";
const figures = join(ROOT, "figures", PRESET);
const place = mkdtempSync(join(tmpdir(), "agentbank-gallery-"));
const preset = join(place, "own.yaml");
const draw = bars({ title: "t", categories: ["a"], label: "l", series: [{ name: "s", values: [1] }] });

before(async () => {
  if (unavailable) return;
  const smoke = parse(readFileSync(join(ROOT, "configs", "smoke.yaml"), "utf8"));
  writeFileSync(preset, stringify({ ...smoke, name: PRESET }));
  const about = { title: "Main", caption: "c", claim: "c", published: [], experiment: "e", order: 0 };
  const made = { preset: PRESET, simulated: true, runs: [], config: "c0", data: null };
  await saveFigure({
    folder: figures,
    name: "main-results",
    figure: draw,
    rows: [{ a: 1 }],
    ...about,
    ...made,
    notebook: "notebooks/main-results.ipynb",
  });
  const figure = { ...draw(light), config: {} };
  const output = {
    output_type: "display_data",
    data: { "application/vnd.plotly.v1+json": figure, "image/svg+xml": "<svg></svg>", "text/plain": "t" },
    metadata: {},
  };
  const cells = [
    { cell_type: "markdown", id: "a", metadata: {}, source: "# A title\n\nThe **first** words.\n\nMore." },
    { cell_type: "code", id: "b", metadata: {}, source: "1 + 1", execution_count: 1, outputs: [output] },
  ];
  mkdirSync(join(figures, "notebooks"), { recursive: true });
  writeFileSync(
    join(figures, "notebooks", "main-results.ipynb"),
    JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
  );
});
after(async () => {
  await closeRenderer();
  for (const folder of [place, figures]) rmSync(folder, { recursive: true, force: true });
});

const agentbank = (...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, "bin", "agentbank.cjs"), ...args], { encoding: "utf8" });

test("the gallery's links all lead to files of its own", { skip: unavailable }, () => {
  const out = join(place, "gallery");
  const done = agentbank("gallery", "--preset", preset, "--out", out, "--no-api");
  assert.equal(done.status, 0, done.stderr);
  const front = readFileSync(join(out, "index.html"), "utf8");
  assert.match(front, /A title<\/a>/);
  assert.match(front, /The first words\./);
  for (const page of ["index.html", "figures/index.html", "notebooks/main-results.html"]) {
    const html = readFileSync(join(out, page), "utf8");
    assert.doesNotMatch(html, /(?:src|srcset)="(?:https?:)?\/\//, page);
    for (const [, link] of html.matchAll(/(?:src|srcset|href)="([^"#:]+)"/g))
      assert.ok(existsSync(join(out, dirname(page), decodeURI(link!))), `${page}: ${link}`);
  }
  assert.match(readFileSync(join(out, "notebooks", "main-results.html"), "utf8"), /Plotly\.newPlot/);
});

test("an executed notebook becomes a page and a PDF; one that was not executed is named", {
  skip: unavailable,
}, () => {
  const out = join(place, "exported");
  const run = (to: string, name = "main-results") =>
    agentbank("notebook", "export", name, "--preset", preset, "--to", to, "--out", out);
  assert.equal(run("html").status, 0);
  assert.deepEqual(readdirSync(out).sort(), ["main-results.html", "plotly.min.js"]);
  const pdf = run("pdf");
  if (!pdf.stderr.includes("cannot print"))
    assert.equal(readFileSync(join(out, "main-results.pdf")).subarray(0, 5).toString(), "%PDF-", pdf.stderr);
  const none = run("html", "quickstart");
  assert.equal(none.status, 2);
  assert.match(none.stderr, /no executed notebook .*quickstart\.ipynb; to make it: agentbank notebook run/);
});
