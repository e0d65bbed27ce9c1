/** The front page of the gallery: every executed notebook with its first picture, and where the rest is. */
import { escapeHtml } from "./html";
import { style } from "./index-style";

export interface GalleryEntry {
  /** Of the page notebooks/NAME.html. */
  name: string;
  title: string;
  /** The notebook's first paragraph. */
  summary: string;
  /** File in figures/, light and dark; null where the notebook leaves no figure. */
  picture: { light: string; dark: string } | null;
}

export function galleryPage(preset: string, entries: readonly GalleryEntry[], hasApi: boolean): string {
  const links = [
    '<a href="figures/index.html">Figures and claims</a>',
    hasApi ? '<a href="api/index.html">API of the library</a>' : null,
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>AgentBank Lab</title>
<style>${style}
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1.5rem }
.card { padding: 1rem; border: 1px solid var(--grid); border-radius: 6px; min-width: 0 }
.card h3 { margin: 0 0 .5rem }
.card img { display: block; width: 100%; height: 14rem; object-fit: contain; object-position: left top; margin-bottom: .5rem }
</style>
<header>
<h1>AgentBank Lab</h1>
<p>AgentBank/SAMOYED and AgentTuning, reproduced as TypeScript notebooks; executed at preset <b>${escapeHtml(preset)}</b>.</p>
<nav>${links.filter((link) => link !== null).join("\n")}</nav>
</header>
<h2>Notebooks</h2>
<div class="cards">
${entries.map(card).join("\n")}
</div>
</html>
`;
}

function card({ name, title, summary, picture }: GalleryEntry): string {
  const href = `notebooks/${escapeHtml(encodeURI(name))}.html`;
  const image = picture
    ? `<a href="${href}"><picture>
<source srcset="figures/${escapeHtml(encodeURI(picture.dark))}" media="(prefers-color-scheme: dark)">
<img src="figures/${escapeHtml(encodeURI(picture.light))}" alt="${escapeHtml(title)}" loading="lazy">
</picture></a>`
    : "";
  return `<div class="card">${image}
<h3><a href="${href}">${escapeHtml(title)}</a></h3>
<p>${escapeHtml(summary)}</p>
</div>`;
}
