import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { figureBundle } from "../../lib/report/bundle";
import { launchChromium } from "../../lib/report/chromium";
import { bars } from "../../lib/report/figures/bars";
import { tableFigure } from "../../lib/report/figures/table-figure";
import { writeIndex } from "../../lib/report/index-page";
import { closeRenderer, render } from "../../lib/report/render";
import { type FigureToSave, saveFigure } from "../../lib/report/save";
import { dark, light } from "../../lib/report/theme";

const folder = mkdtempSync(join(tmpdir(), "figures-"));
after(async () => {
  await closeRenderer();
  rmSync(folder, { recursive: true });
});

const figure = bars({
  title: "Held-in </script> tasks",
  categories: ["WebShop"],
  label: "Score",
  unit: "%",
  series: [
    { name: "tuned", values: [{ mean: 60, low: 55, high: 64 }] },
    { name: "paper", values: [60.5], published: true },
  ],
});
const toSave: FigureToSave = {
  folder,
  name: "main-results",
  figure,
  rows: [{ task: "WebShop", score: { mean: 60, low: 55, high: 64 } }],
  title: "Held-in </script> tasks",
  caption: "Scores.",
  claim: "Tuning helps.",
  published: ["table-9", "figure-3"],
  experiment: "Main results",
  order: 1,
  preset: "mini",
  simulated: true,
  runs: ["abc123"],
  config: "c0ffee",
  data: "da7a",
  notebook: "notebooks/main.ipynb",
};

test("saving writes every form of the figure, and the same bytes again", async (t) => {
  const { missing } = await saveFigure(toSave);
  if (missing) return t.skip(missing);
  const names = ["csv", "dark.svg", "html", "json", "md", "png", "svg", "tex"].map(
    (e) => `main-results.${e}`,
  );
  assert.deepEqual(readdirSync(folder).sort(), [...names, "plotly.min.js"].sort());
  const bytes = () =>
    names.filter((n) => !n.endsWith("png")).map((n) => readFileSync(join(folder, n), "utf8"));
  const first = bytes();
  await saveFigure(toSave);
  assert.ok(
    bytes().every((text, i) => text === first[i]),
    "some file changed",
  );
  assert.equal(first[0], "task,score,score_low,score_high\nWebShop,60,55,64\n");
  assert.ok(first[1]!.includes(dark.series[0]!.toLowerCase()) || first[1]!.includes("rgb(86, 180, 233)"));
});

test("one figure's SVG does not depend on those drawn before it, nor on another browser", async (t) => {
  const first = await render(figure(light), "svg");
  if (typeof first !== "string") return t.skip(first.missing);
  await render(tableFigure({ columns: [{ key: "a" }], rows: [{ a: 1 }] })(dark), "svg");
  await closeRenderer();
  assert.ok((await render(figure(light), "svg")) === first, "another browser drew it otherwise");
  assert.match(first, /^<svg .*<\/svg>\n$/s);
});

test("the PNG is twice the size of the layout", async (t) => {
  const { layout } = figure(light);
  const png = await render(figure(light), "png");
  if (!Buffer.isBuffer(png)) return t.skip(png.missing);
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * layout.width!, 2 * layout.height!]);
});

test("the index shows measured beside published, links what is there, and asks for nothing from outside", async () => {
  await saveFigure({
    ...toSave,
    name: "earlier",
    order: 0,
    title: "Earlier",
    published: [],
    rows: [{ a: 1 }],
  });
  await saveFigure(toSave);
  const html = readFileSync(writeIndex(folder, "mini"), "utf8");
  assert.ok(html.indexOf('id="earlier"') < html.indexOf('id="main-results"'));
  assert.ok(html.includes("Held-in &lt;/script&gt; tasks") && !html.includes("</script>"));
  for (const text of [
    "Published: AgentBank, Table 9",
    "59.2",
    "The paper prints no numbers.",
    "abc123",
    "config c0ffee · data da7a",
    "simulated teacher",
  ])
    assert.ok(html.includes(text), text);
  assert.doesNotMatch(html, /(?:src|href|srcset)="(?:https?:)?\/\//);
  const links = [...html.matchAll(/(?:src|srcset|href)="([^"#]+)"/g)].map((m) => m[1]!);
  const here = new Set(readdirSync(folder));
  for (const link of links) assert.ok(here.has(link) || link.endsWith("notebooks/main.ipynb"), link);
});

test("the standalone page draws itself from disk in both schemes", async (t) => {
  await saveFigure(toSave);
  const browser = await launchChromium();
  if ("missing" in browser) return t.skip(browser.missing);
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    for (const [colorScheme, paper] of [
      ["light", light.paper],
      ["dark", dark.paper],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`file://${join(folder, "main-results.html")}`);
      await page.waitForSelector(".main-svg .bars");
      const drawn = await page.evaluate(
        () => (document.querySelector(".main-svg") as SVGElement).style.background,
      );
      const hex = `#${drawn
        .match(/\d+/g)!
        .slice(0, 3)
        .map((n) => Number(n).toString(16).padStart(2, "0"))
        .join("")}`;
      assert.equal(hex, paper);
    }
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
});

test("a notebook's bundle holds plotly's JSON and an SVG, and no PNG to stand in its place", async () => {
  const bundle = await figureBundle(figure, "Main results");
  assert.equal(bundle["text/plain"], "Main results");
  assert.equal((bundle["application/vnd.plotly.v1+json"] as { data: unknown[] }).data.length, 2);
  assert.equal("image/png" in bundle, false);
  const svg = await render(figure(light), "svg");
  if (typeof svg === "string") assert.equal(bundle["image/svg+xml"], svg);
  else assert.equal("image/svg+xml" in bundle, false);
});
