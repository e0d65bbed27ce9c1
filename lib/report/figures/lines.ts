import type { Data, Layout } from "plotly.js";
import { type Cell, centre, isEstimate } from "../cell";
import { type Theme, translucent } from "../theme";
import { type Draw, type Frame, framed, labelled } from "./figure";

export interface LineSeries {
  name: string;
  /** In the order in which they are joined; estimates get an interval band. */
  points: readonly { x: number; y: Cell }[];
}

export interface Lines extends Frame {
  series: readonly LineSeries[];
  label: string;
  unit?: string;
  xLabel: string;
  xUnit?: string;
  /** Logarithmic x axis, for numbers of trajectories. Default false. */
  logX?: boolean;
}

/** Told apart by symbol and dash as well as by colour, so that they survive grey print. */
const symbols = ["circle", "square", "diamond", "triangle-up", "x", "cross", "star"] as const;
const dashes = ["solid", "dash", "dot", "dashdot"] as const;

/** Lines with markers over translucent interval bands. */
export function lines(spec: Lines): Draw {
  return (theme) => {
    const layout: Partial<Layout> = {
      showlegend: spec.series.length > 1,
      xaxis: {
        title: labelled(spec.xLabel, spec.xUnit),
        type: spec.logX ? "log" : "linear",
        ...ticksAt(spec),
      },
      yaxis: { title: labelled(spec.label, spec.unit) },
    };
    const data = spec.series.flatMap((series, i) => traces(theme, series, i));
    return framed(theme, spec, data, layout);
  };
}

/** Ticks where the points are, if these are few and apart: what was measured is read off the axis. */
function ticksAt({ series, logX }: Lines): Partial<Layout["xaxis"]> {
  const values = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const places = values.map((x) => (logX ? Math.log(x) : x));
  const apart = (places.at(-1)! - places[0]!) / 12;
  const crowded = places.some((place, i) => i > 0 && place - places[i - 1]! < apart);
  if (values.length < 2 || crowded) return {};
  return {
    tickmode: "array",
    tickvals: values,
    ticktext: values.map((x) => x.toLocaleString("en", { maximumSignificantDigits: 6 })),
  };
}

function traces(theme: Theme, { name, points }: LineSeries, i: number): Data[] {
  const colour = theme.series[i % theme.series.length]!;
  const banded = points.filter(({ y }) => isEstimate(y));
  const band = [...banded.map((p) => bound(p, "high")), ...banded.map((p) => bound(p, "low")).reverse()];
  const line: Data = {
    type: "scatter",
    mode: "lines+markers",
    name,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => centre(y)),
    line: { color: colour, width: 2, dash: dashes[i % dashes.length]! },
    marker: { color: colour, size: 7, symbol: symbols[i % symbols.length]! },
  };
  if (banded.length === 0) return [line];
  const area: Data = {
    type: "scatter",
    mode: "lines",
    x: band.map(({ x }) => x),
    y: band.map(({ y }) => y),
    fill: "toself",
    fillcolor: translucent(colour, 0.16),
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
  };
  return [area, line];
}

function bound({ x, y }: { x: number; y: Cell }, side: "low" | "high") {
  return { x, y: isEstimate(y) ? y[side] : null };
}
