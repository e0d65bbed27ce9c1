import type { MatchedPair } from "../evaluation/matched";
import { type RatingSite, serveRatings } from "../evaluation/rating/server";
import { display } from "../util/display";

/**
 * Shows the page where pairs are rated under the cell, and as an address for whoever wants it in a window of its own.
 * It is served while the kernel lives; the browser must run on the kernel's machine, or reach its ports.
 */
export async function showRating(pairs: readonly MatchedPair[]): Promise<RatingSite> {
  const site = await serveRatings(pairs);
  const frame = `<iframe src="${site.url}" title="pairs to rate" style="width: 100%; height: 44rem; border: 1px solid #8886"></iframe>`;
  display({
    "text/html": `<p><a href="${site.url}" target="_blank">in a window of its own</a></p>${frame}`,
    "text/plain": `rate the pairs at ${site.url}`,
  });
  return site;
}
