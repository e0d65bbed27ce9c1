/** One look for every figure, in light and dark. Sizes are those of a two-column paper. */

export interface Theme {
  name: "light" | "dark";
  paper: string;
  ink: string;
  /** Axis lines, footnotes, and what the paper published beside what was measured. */
  muted: string;
  grid: string;
  /** Series colours in order: Okabe and Ito's palette, safe for colour-blind readers, ordered for contrast. */
  series: readonly string[];
  /** Ends of the diverging colour scale: below and above zero. */
  diverging: readonly [string, string];
}

export const light: Theme = {
  name: "light",
  paper: "#ffffff",
  ink: "#1f2328",
  muted: "#6e7781",
  grid: "#e4e7eb",
  series: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442"],
  diverging: ["#D55E00", "#0072B2"],
};

export const dark: Theme = {
  name: "dark",
  paper: "#16191d",
  ink: "#e6e9ed",
  muted: "#9aa4af",
  grid: "#2c3238",
  series: ["#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#0072B2", "#F0E442"],
  diverging: ["#E69F00", "#56B4E9"],
};

export const themes: readonly Theme[] = [light, dark];

/** Pixels at 96 to the inch: one column of 3.25 in, or the page's 6.75 in. */
export const widths = { column: 312, page: 648 } as const;

/** Open Sans comes with the bundled Chromium, so that figures are laid out alike on every machine. */
export const fontFamily = "Open Sans, Helvetica Neue, Helvetica, Arial, sans-serif";
export const fontSize = { title: 13, text: 11, note: 9 } as const;

/** `#rrggbb` with an opacity from 0 to 1. */
export function translucent(colour: string, opacity: number): string {
  const [red, green, blue] = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
  return `rgba(${red},${green},${blue},${opacity})`;
}
