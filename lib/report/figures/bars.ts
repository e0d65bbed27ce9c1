import type { Data, Layout } from "plotly.js";
import { type Cell, centre, isEstimate } from "../cell";
import type { Theme } from "../theme";
import { type Draw, type Frame, framed, labelled } from "./figure";

export interface BarSeries {
  name: string;
  /** One value a category; null leaves a gap. Estimates get error bars. */
  values: readonly Cell[];
  /** Drawn hatched and grey: what the paper printed, beside what was measured. Each such series has its own hatching. */
  published?: boolean;
}

export interface Bars extends Frame {
  categories: readonly string[];
  series: readonly BarSeries[];
  /** Of the value axis. */
  label: string;
  unit?: string;
  /** Of the category axis. */
  categoryLabel?: string;
}

/** Grouped bars with error bars. Negative values hang from the zero line. */
export function bars(spec: Bars): Draw {
  return (theme) => {
    let [measured, published] = [0, 0];
    const data = spec.series.map((series) => {
      const colour = series.published ? theme.muted : theme.series[measured++ % theme.series.length]!;
      const hatching = hatchings[(series.published ? published++ : 0) % hatchings.length]!;
      return trace(theme, spec.categories, series, { colour, hatching });
    });
    const layout: Partial<Layout> = {
      barmode: "group",
      bargap: 0.28,
      bargroupgap: 0.06,
      showlegend: spec.series.length > 1,
      xaxis: { type: "category", ...(spec.categoryLabel ? { title: labelled(spec.categoryLabel) } : {}) },
      yaxis: { title: labelled(spec.label, spec.unit), zeroline: true, rangemode: "tozero" },
    };
    return framed(theme, spec, data, layout);
  };
}

/** Of published series, in their order. */
const hatchings = ["/", "\\", "x"] as const;

function trace(
  theme: Theme,
  categories: readonly string[],
  series: BarSeries,
  { colour, hatching }: { colour: string; hatching: (typeof hatchings)[number] },
): Data {
  const reach = (side: (estimate: { mean: number; low: number; high: number }) => number) =>
    series.values.map((cell) => (isEstimate(cell) ? side(cell) : 0));
  return {
    type: "bar",
    name: series.name,
    x: [...categories],
    y: series.values.map(centre),
    marker: series.published
      ? {
          color: theme.paper,
          line: { color: colour, width: 1 },
          pattern: { shape: hatching, fgcolor: colour, size: 5, solidity: 0.25 },
        }
      : { color: colour },
    ...(series.values.some(isEstimate)
      ? {
          error_y: {
            type: "data",
            symmetric: false,
            array: reach((e) => e.high - e.mean),
            arrayminus: reach((e) => e.mean - e.low),
            color: theme.ink,
            thickness: 1,
            width: 3,
          },
        }
      : {}),
  };
}
