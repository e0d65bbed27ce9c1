import type { Data } from "plotly.js";
import { type Table, texts } from "../tables/table";
import { fontSize } from "../theme";
import { type Draw, type Frame, framed } from "./figure";

const rowHeight = 22;
const headHeight = 31;

/** A table drawn as a figure, as tall as its rows need; for slides and for the index page. */
export function tableFigure(table: Table, frame: Omit<Frame, "height"> = {}): Draw {
  return (theme) => {
    const { cells, numeric } = texts(table);
    const align = numeric.map((n) => (n ? "right" : "left"));
    const shared = {
      align: align as unknown as "left",
      height: rowHeight,
      line: { color: theme.grid, width: 1 },
    };
    const titles = table.columns.map(
      ({ key, title = key, group }) => `<b>${group ? `${group} ` : ""}${title}</b>`,
    );
    const trace = {
      type: "table",
      header: {
        ...shared,
        height: headHeight,
        values: titles,
        fill: { color: theme.grid },
        font: { color: theme.ink, size: fontSize.text },
      },
      cells: {
        ...shared,
        values: table.columns.map((_, c) => cells.map((row) => row[c]!)),
        fill: { color: theme.paper },
        font: { color: theme.ink, size: fontSize.text },
      },
      columnwidth: titles.map((title, c) =>
        Math.max(title.length - 7, ...cells.map((row) => row[c]!.length), 4),
      ),
    };
    const height = (headHeight + cells.length * rowHeight + 12) / 96;
    return framed(theme, { ...frame, height }, [trace as Data], {});
  };
}
