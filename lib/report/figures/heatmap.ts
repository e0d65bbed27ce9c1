import type { Data, Layout } from "plotly.js";
import { formatCell } from "../cell";
import { type Draw, type Frame, framed, labelled } from "./figure";

export interface Heatmap extends Frame {
  /** Top to bottom. */
  rows: readonly string[];
  columns: readonly string[];
  /** values[row][column]; null is left blank. */
  values: readonly (readonly (number | null)[])[];
  /** marked[row][column]: cells whose number bears an asterisk; the note says what for. */
  marked?: readonly (readonly boolean[])[];
  rowLabel: string;
  columnLabel: string;
  label: string;
  unit?: string;
  /** Decimals of the numbers in the cells. Default 1. */
  digits?: number;
}

/** Cells coloured around zero, which takes the colour of the paper, each with its number. */
export function heatmap(spec: Heatmap): Draw {
  return (theme) => {
    // Where all values are 0, a scale of its own unit is as good as any.
    const reach = Math.max(...spec.values.flat().map((value) => Math.abs(value ?? 0))) || 1;
    const [below, above] = theme.diverging;
    const trace: Data = {
      type: "heatmap",
      x: [...spec.columns],
      y: [...spec.rows],
      z: spec.values.map((row) => [...row]),
      zmin: -reach,
      zmax: reach,
      colorscale: [
        [0, below],
        [0.5, theme.paper],
        [1, above],
      ],
      text: spec.values.map((row, r) =>
        row.map((value, c) => {
          const mark = spec.marked?.[r]?.[c] ? " *" : "";
          return value === null ? "" : `${formatCell(value, spec.digits ?? 1)}${mark}`;
        }),
      ) as unknown as string[],
      texttemplate: "%{text}",
      xgap: 2,
      ygap: 2,
      hoverongaps: false,
      colorbar: {
        title: { ...labelled(spec.label, spec.unit), side: "right" },
        thickness: 12,
        outlinewidth: 0,
      },
    };
    const layout: Partial<Layout> = {
      xaxis: { type: "category", title: labelled(spec.columnLabel), showline: false, ticks: "" },
      yaxis: {
        type: "category",
        title: labelled(spec.rowLabel),
        autorange: "reversed",
        showgrid: false,
        ticks: "",
      },
    };
    return framed(theme, spec, [trace], layout);
  };
}
