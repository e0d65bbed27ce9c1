import type { Draw } from "./figures/figure";
import { render } from "./render";
import { light } from "./theme";

/**
 * A figure as a notebook output holds it, by mime type: plotly's JSON for JupyterLab and VS Code, a PNG for GitHub and
 * wherever nothing runs, the title for plain text. Without a browser to draw with, the PNG is left out.
 */
export async function figureBundle(draw: Draw, title = "figure"): Promise<Record<string, string | object>> {
  const figure = draw(light);
  const png = await render(figure, "png");
  return {
    "application/vnd.plotly.v1+json": { ...figure, config: { displaylogo: false, responsive: true } },
    ...(Buffer.isBuffer(png) ? { "image/png": png.toString("base64") } : {}),
    "text/plain": title,
  };
}
