import { drawn } from "./drawn";
import type { Draw } from "./figures/figure";
import { plotlyConfig } from "./plotly-config";
import { light } from "./theme";

/**
 * A figure as a notebook output holds it, by mime type: plotly's JSON for JupyterLab and VS Code, an SVG for GitHub and
 * wherever nothing runs, the title for plain text. No PNG: JupyterLab would show it in the figure's place until the
 * mouse comes by. Without a browser to draw with, the SVG is left out.
 */
export async function figureBundle(draw: Draw, title = "figure"): Promise<Record<string, string | object>> {
  const figure = draw(light);
  const svg = await drawn(figure, "svg");
  return {
    "application/vnd.plotly.v1+json": { ...figure, config: plotlyConfig },
    ...(Buffer.isBuffer(svg) ? { "image/svg+xml": svg.toString("utf8") } : {}),
    "text/plain": title,
  };
}
