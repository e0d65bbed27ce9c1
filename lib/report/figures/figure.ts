/** What all figures share: a figure is a function of the theme, and its frame is one for all. */
import type { Data, Layout } from "plotly.js";
import { fontFamily, fontSize, type Theme, widths } from "../theme";

export interface Figure {
  data: Data[];
  layout: Partial<Layout>;
}

/** A figure that can be drawn in any theme. The builders in this folder return one. */
export type Draw = (theme: Theme) => Figure;

export interface Frame {
  title?: string;
  /** Small print under the title: preset, simulated teacher, intervals. See `footnote`. */
  note?: string;
  /** 3.25 in or 6.75 in. Default `page`. */
  width?: keyof typeof widths;
  /** In inches. Default 3. */
  height?: number;
}

/** Puts traces and axes into the frame. Title, note and legend add to the height: they never shrink the plot. */
export function framed(theme: Theme, frame: Frame, data: Data[], layout: Partial<Layout>): Figure {
  const { title, note, width = "page", height = 3 } = frame;
  const legend = layout.showlegend ? legendRows(data, widths[width]) * 20 + 6 : 0;
  const top = 12 + (title ? 20 : 0) + (note ? 18 : 0) + legend;
  const total = Math.round(height * 96) + top;
  return {
    data,
    layout: {
      template: template(theme),
      width: widths[width],
      height: total,
      margin: { l: 8, r: 12, t: top, b: 8 },
      title: {
        text: title ?? "",
        font: { size: fontSize.title },
        subtitle: { text: note ?? "", font: { size: fontSize.note, color: theme.muted } },
        xref: "container",
        x: 8 / widths[width],
        xanchor: "left",
        yref: "container",
        y: 1 - (title ? 8 : 0) / total,
        yanchor: "top",
      } as Layout["title"],
      ...layout,
    },
  };
}

/** Rows that plotly breaks a horizontal legend into: its entries share columns as wide as the longest of them. */
function legendRows(data: readonly Data[], width: number): number {
  const names = data.flatMap((trace) =>
    "name" in trace && trace.name && !("showlegend" in trace && trace.showlegend === false)
      ? [trace.name]
      : [],
  );
  const entry = 42 + 6.2 * Math.max(...names.map((name) => name.length));
  const perRow = Math.max(1, Math.floor((width - 60) / entry));
  return Math.ceil(names.length / perRow);
}

/** What every figure has in a theme, where it says nothing else. */
function template(theme: Theme): Layout["template"] {
  const axis = {
    color: theme.ink,
    gridcolor: theme.grid,
    linecolor: theme.muted,
    tickcolor: theme.muted,
    zerolinecolor: theme.muted,
    zerolinewidth: 1,
    automargin: true,
    title: { standoff: 8 },
  };
  return {
    layout: {
      font: { family: fontFamily, size: fontSize.text, color: theme.ink },
      paper_bgcolor: theme.paper,
      plot_bgcolor: theme.paper,
      colorway: [...theme.series],
      xaxis: { ...axis, showgrid: false, zeroline: false, showline: true, ticks: "outside" },
      yaxis: axis,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
    },
  } as Layout["template"];
}

/** `preset mini · simulated teacher · 3 seeds · 95 % bootstrap intervals`, as far as it is told. */
export function footnote(told: {
  preset?: string;
  simulated?: boolean;
  seeds?: number;
  level?: number;
}): string {
  const parts = [
    told.preset ? `preset ${told.preset}` : null,
    told.simulated ? "simulated teacher" : null,
    told.seeds ? `${told.seeds} seed${told.seeds === 1 ? "" : "s"}` : null,
    told.level ? `${Math.round(told.level * 100)} % bootstrap intervals` : null,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

/** `Score (%)`: an axis is never without its unit. */
export const labelled = (label: string, unit?: string) => ({ text: unit ? `${label} (${unit})` : label });
