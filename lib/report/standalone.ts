import type { Draw } from "./figures/figure";
import { escapeHtml, scriptJson } from "./html";
import { style } from "./index-style";
import { plotlyConfig } from "./plotly-config";
import { dark, light } from "./theme";

/** Name of the copy of plotly that stands beside the pages and that they all share. */
export const sharedPlotly = "plotly.min.js";

/**
 * An interactive page for one figure and, below it, its numbers as a table (HTML): opens from disk, without a network,
 * in the reader's colour scheme.
 */
export function standalonePage(title: string, draw: Draw, table = ""): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>
${style}
  #figure { max-width: 62rem; margin: 1rem auto }
</style>
<div id="figure"></div>
<div class="scroll">${table}</div>
<script src="${sharedPlotly}"></script>
<script>
  const figures = ${scriptJson({ light: draw(light), dark: draw(dark) })};
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const { data, layout } = figures[scheme.matches ? "dark" : "light"];
    const { width, ...fluid } = layout;
    Plotly.react("figure", data, { ...fluid, autosize: true }, ${scriptJson(plotlyConfig)});
  };
  scheme.addEventListener("change", show);
  show();
</script>
</html>
`;
}
