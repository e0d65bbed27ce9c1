/** A figure on disk: images in both themes, an interactive page, its numbers, and a sidecar that the index reads. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../util/files";
import type { TableRow } from "./cell";
import { drawn } from "./drawn";
import type { Draw } from "./figures/figure";
import { type Published, readPublished } from "./published";
import { plotlyScript } from "./render";
import { sharedPlotly, standalonePage } from "./standalone";
import { toCsv } from "./tables/csv";
import { toHtml } from "./tables/html";
import { toLatex } from "./tables/latex";
import { toMarkdown } from "./tables/markdown";
import { type Column, columnsOf } from "./tables/table";
import { dark, light } from "./theme";

export interface FigureToSave {
  /** figures/PRESET. */
  folder: string;
  /** Of the files, without extension: `generalist-ratio`. */
  name: string;
  figure: Draw;
  /** The numbers behind the figure, whole: they become the CSV and the table on the index page. */
  rows: readonly TableRow[];
  /** How the index page prints them. Default: every key of the rows. */
  columns?: readonly Column[];
  title: string;
  /** What is shown, and in which unit. */
  caption: string;
  /** What the paper claims, in a sentence. */
  claim: string;
  /** What it stands beside: names in data/published, such as `table-4`. */
  published: readonly string[];
  /** Section of the index page, and the figure's place among all. */
  experiment: string;
  order: number;
  preset: string;
  simulated: boolean;
  /** Hashes of the runs that it was computed from, of the preset that sized them, and of the trajectories in them. */
  runs: readonly string[];
  config: string;
  data: string | null;
  /** Path of the notebook relative to the repository's root. */
  notebook?: string;
}

/** What the sidecar holds: all that the index page prints. No time and no path, so that equal runs give equal bytes. */
export interface Sidecar extends Omit<FigureToSave, "folder" | "figure" | "columns" | "published"> {
  version: 1;
  columns: readonly Column[];
  published: readonly Published[];
  /** File names beside the sidecar. */
  files: { csv: string; md: string; tex: string; html: string; svg?: string; png?: string; svgDark?: string };
  /** Why there are no images, where there are none. */
  missing?: string;
}

/**
 * Writes NAME.svg, NAME.dark.svg, NAME.png (scale 2), the interactive NAME.html with its table, the table as NAME.csv,
 * NAME.md and NAME.tex, and, last, the sidecar NAME.json. Where no browser is found the images are left out, older ones
 * removed, and the sidecar says why.
 */
export async function saveFigure(figure: FigureToSave): Promise<Sidecar> {
  const { folder, figure: draw, columns = columnsOf(figure.rows), published, ...told } = figure;
  const table = { columns, rows: told.rows, caption: told.caption };
  const at = (extension: string) => join(folder, `${told.name}.${extension}`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, sharedPlotly))) copyFileSync(plotlyScript, join(folder, sharedPlotly));
  writeAtomic(at("html"), standalonePage(told.title, draw, toHtml(table)));
  writeAtomic(at("md"), toMarkdown(table));
  writeAtomic(at("tex"), toLatex(table));
  writeAtomic(at("csv"), toCsv(told.rows));

  const images = {
    svg: await drawn(draw(light), "svg"),
    "dark.svg": await drawn(draw(dark), "svg"),
    png: await drawn(draw(light), "png"),
  };
  let missing: string | undefined;
  for (const [extension, image] of Object.entries(images)) {
    if (Buffer.isBuffer(image)) writeAtomic(at(extension), image);
    else {
      missing = image.missing;
      rmSync(at(extension), { force: true });
    }
  }
  const file = (extension: string) => `${told.name}.${extension}`;
  const sidecar: Sidecar = {
    version: 1,
    ...told,
    columns,
    published: published.map(readPublished),
    files: {
      csv: file("csv"),
      md: file("md"),
      tex: file("tex"),
      html: file("html"),
      ...(missing ? {} : { svg: file("svg"), png: file("png"), svgDark: file("dark.svg") }),
    },
    ...(missing ? { missing } : {}),
  };
  writeAtomic(at("json"), `${JSON.stringify(sidecar, null, 2)}\n`);
  return sidecar;
}
