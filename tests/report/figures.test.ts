import assert from "node:assert/strict";
import { test } from "node:test";
import { bars } from "../../lib/report/figures/bars";
import { type Figure, footnote } from "../../lib/report/figures/figure";
import { heatmap } from "../../lib/report/figures/heatmap";
import { lines } from "../../lib/report/figures/lines";
import { tableFigure } from "../../lib/report/figures/table-figure";
import { dark, light, themes, widths } from "../../lib/report/theme";

/** plotly's types are unions too wide to look into: the tests look at the JSON. */
// biome-ignore lint/suspicious/noExplicitAny: see above
const json = (figure: Figure): any => JSON.parse(JSON.stringify(figure));

test("bars: error bars reach from the mean to both bounds, the published ones have none and are hatched", () => {
  const { data, layout } = json(
    bars({
      categories: ["a", "b"],
      label: "Score",
      unit: "%",
      note: "preset mini",
      series: [
        { name: "tuned", values: [{ mean: 5, low: 3, high: 9 }, null] },
        { name: "paper", values: [6, 7], published: true },
        { name: "base", values: [1, 2] },
      ],
    })(light),
  );
  assert.deepEqual(data[0].y, [5, null]);
  assert.deepEqual(
    [data[0].error_y.array, data[0].error_y.arrayminus],
    [
      [4, 0],
      [2, 0],
    ],
  );
  assert.equal(data[1].error_y, undefined);
  assert.equal(data[1].marker.pattern.shape, "/");
  assert.deepEqual(
    [data[0], data[2]].map((d) => d.marker.color),
    light.series.slice(0, 2),
    "published takes no colour",
  );
  assert.equal(layout.yaxis.title.text, "Score (%)");
  assert.equal(layout.title.subtitle.text, "preset mini");
  assert.equal(layout.width, widths.page);
});

test("bars: two published series are hatched apart", () => {
  const published = (name: string) => ({ name, values: [1], published: true });
  const series = [published("before"), { name: "measured", values: [1] }, published("after")];
  const { data } = json(bars({ categories: ["a"], label: "Score", series })(light));
  assert.notEqual(data[0].marker.pattern.shape, data[2].marker.pattern.shape);
});

test("lines: the band runs out along the upper bound and back along the lower", () => {
  const point = (x: number, mean: number) => ({ x, y: { mean, low: mean - 1, high: mean + 2 } });
  const { data, layout } = json(
    lines({
      label: "Score",
      xLabel: "Trajectories",
      logX: true,
      series: [
        { name: "a", points: [point(1, 5), point(10, 6)] },
        { name: "b", points: [{ x: 1, y: 3 }] },
      ],
    })(dark),
  );
  assert.deepEqual(
    data.map((d: { name?: string }) => d.name),
    [undefined, "a", "b"],
  );
  assert.deepEqual(
    [data[0].x, data[0].y],
    [
      [1, 10, 10, 1],
      [7, 8, 5, 4],
    ],
  );
  assert.notEqual(data[1].line.dash, data[2].line.dash);
  assert.notEqual(data[1].marker.symbol, data[2].marker.symbol);
  assert.equal(layout.xaxis.type, "log");
});

test("lines: ticks stand where the points are, unless these are close", () => {
  const ticks = (xs: readonly number[], logX = false) => {
    const points = xs.map((x) => ({ x, y: 1 }));
    const spec = { label: "Score", xLabel: "Trajectories", logX, series: [{ name: "a", points }] };
    return json(lines(spec)(light)).layout.xaxis.ticktext;
  };
  assert.deepEqual(ticks([60, 240, 2972], true), ["60", "240", "2,972"]);
  assert.deepEqual(ticks([3, 5, 15]), ["3", "5", "15"]);
  assert.deepEqual(ticks([0, 0.5]), ["0", "0.5"]);
  assert.equal(ticks([1, 2, 100]), undefined);
  assert.equal(ticks(Array.from({ length: 30 }, (_, i) => i)), undefined);
  assert.equal(ticks([4]), undefined);
});

test("heatmap: the scale is symmetric around zero, whatever the values", () => {
  const draw = heatmap({
    rows: ["r"],
    columns: ["a", "b"],
    values: [[-2, null]],
    rowLabel: "trained",
    columnLabel: "tested",
    label: "Gain",
    unit: "%",
  });
  const [trace] = json(draw(light)).data;
  assert.deepEqual([trace.zmin, trace.zmax], [-2, 2]);
  assert.deepEqual(trace.text, [["-2.0", ""]]);
});

test("heatmap: marked cells bear an asterisk, blank ones none", () => {
  const draw = heatmap({
    rows: ["r"],
    columns: ["a", "b", "c"],
    values: [[1, 2, null]],
    marked: [[true, false, true]],
    rowLabel: "trained",
    columnLabel: "tested",
    label: "Gain",
  });
  assert.deepEqual(json(draw(light)).data[0].text, [["1.0 *", "2.0", ""]]);
});

test("a table figure grows with its rows", () => {
  const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ a: i }));
  const height = (n: number) =>
    json(tableFigure({ columns: [{ key: "a" }], rows: rows(n) })(light)).layout.height;
  assert.equal(height(12) - height(2), 220);
});

test("each theme draws in its own colours, which do not repeat", () => {
  for (const theme of themes) {
    assert.equal(new Set(theme.series).size, 7);
    const { layout } = json(bars({ categories: [], series: [], label: "x" })(theme));
    assert.equal(layout.template.layout.paper_bgcolor, theme.paper);
  }
  assert.deepEqual(
    new Set(light.series),
    new Set(dark.series),
    "both are the same palette, in another order",
  );
});

test("the footnote tells what it is told, and nothing else", () => {
  assert.equal(
    footnote({ preset: "mini", simulated: true, seeds: 3, level: 0.95 }),
    "preset mini · simulated teacher · 3 seeds · 95 % bootstrap intervals",
  );
  assert.equal(footnote({ simulated: false, seeds: 1 }), "1 seed");
});
