import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, writeAtomic } from "../util/files";
import { hashOf } from "../util/hash";
import type { Figure } from "./figures/figure";
import { render } from "./render";

const plotlyVersion: string = JSON.parse(
  readFileSync(require.resolve("plotly.js/package.json"), "utf8"),
).version;

/**
 * An image of a figure as `render` draws it, from data/cache/figures where the same figure was drawn before: notebooks
 * that are executed again open no browser.
 */
export async function drawn(figure: Figure, format: "svg" | "png"): Promise<Buffer | { missing: string }> {
  const path = join(cacheFolder("figures"), `${hashOf({ figure, plotly: plotlyVersion })}.${format}`);
  if (existsSync(path)) return readFileSync(path);
  const image = format === "svg" ? await render(figure, "svg") : await render(figure, "png");
  if (typeof image !== "string" && !Buffer.isBuffer(image)) return image;
  writeAtomic(path, image);
  return Buffer.from(image);
}
