/** figures/PRESET/index.html: every figure beside what the paper published, from the sidecars alone. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT, writeAtomic } from "../util/files";
import type { TableRow } from "./cell";
import { escapeHtml } from "./html";
import { style } from "./index-style";
import { publishedHtml } from "./published-html";
import type { Sidecar } from "./save";
import { toHtml } from "./tables/html";
import { columnsOf } from "./tables/table";

/** The figures of a folder, in the order of the notebooks. */
export function readSidecars(folder: string): Sidecar[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".verdicts.json"))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Sidecar)
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}

/**
 * Reads the sidecars of a folder and writes its index.html, which opens from disk without a network. `claims` are the
 * rows of the table of claims; without any the page has none. `link` turns a notebook's path in the repository into an
 * address; by default it leads from the page to the notebook itself.
 */
export function writeIndex(
  folder: string,
  preset: string,
  claims: readonly TableRow[] = [],
  link: Link = (notebook) => `${relative(folder, ROOT)}/${notebook}`,
): string {
  const sidecars = readSidecars(folder);
  const path = join(folder, "index.html");
  writeAtomic(path, indexPage(preset, sidecars, claims, link));
  return path;
}

type Link = (notebook: string) => string;

/** The page as text. */
export function indexPage(
  preset: string,
  figures: readonly Sidecar[],
  claims: readonly TableRow[],
  notebook: Link,
): string {
  const experiments = [...new Set(figures.map((figure) => figure.experiment))];
  const simulated = figures.some((figure) => figure.simulated);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>AgentBank Lab: ${escapeHtml(preset)}</title>
<style>${style}</style>
<header>
<h1>AgentBank Lab</h1>
<p>Preset <b>${escapeHtml(preset)}</b>. Every figure as measured here, beside what the paper published.${
    simulated ? " Trajectories marked “simulated teacher” were not written by a language model." : ""
  }</p>
<nav>${figures.map((f) => `<a href="#${escapeHtml(f.name)}">${escapeHtml(f.title)}</a>`).join("\n")}</nav>
</header>
${claims.length > 0 ? claimsSection(claims) : ""}
${experiments
  .map(
    (experiment) => `<section>
<h2>${escapeHtml(experiment)}</h2>
${figures
  .filter((figure) => figure.experiment === experiment)
  .map((figure) => article(figure, notebook))
  .join("\n")}
</section>`,
  )
  .join("\n")}
</html>
`;
}

/** The claims with their verdicts, and how many came out in each way. */
function claimsSection(claims: readonly TableRow[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of claims) counts.set(String(verdict), (counts.get(String(verdict)) ?? 0) + 1);
  const told = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
  return `<section id="claims">
<h2>Claims</h2>
<p>Each claim of the papers with the test stated for it before the runs: ${escapeHtml(told)}. As
<a href="claims.md">Markdown</a> and <a href="claims.csv">CSV</a>.</p>
<div class="scroll claims">${toHtml({ columns: columnsOf(claims), rows: claims })}</div>
</section>`;
}

function article(figure: Sidecar, notebook: Link): string {
  const { name, title, claim, caption, files, columns, rows } = figure;
  const link = (href: string | undefined, text: string) =>
    href ? `<a href="${escapeHtml(encodeURI(href))}">${text}</a>` : null;
  const links = [
    link(files.html, "interactive"),
    link(files.svg, "SVG"),
    link(files.png, "PNG"),
    link(files.csv, "CSV"),
    link(files.md, "Markdown"),
    link(files.tex, "LaTeX"),
    link(figure.notebook && notebook(figure.notebook), "notebook"),
  ];
  const facts = [
    `preset ${figure.preset}`,
    figure.simulated ? "simulated teacher" : null,
    `config ${figure.config}`,
    figure.data ? `data ${figure.data}` : null,
  ];
  return `<article id="${escapeHtml(name)}">
<h3>${escapeHtml(title)}</h3>
<p class="claim">${escapeHtml(claim)}</p>
<div class="pair">
<div>
<h4>Measured</h4>
${picture(figure)}
<p>${escapeHtml(caption)}</p>
<p class="links">${links.filter((part) => part !== null).join(" · ")}</p>
<details><summary>${rows.length} rows</summary><div class="scroll">${toHtml({ columns, rows })}</div></details>
<p class="note">${escapeHtml(facts.filter((part) => part !== null).join(" · "))}</p>
<details><summary>${figure.runs.length} runs</summary><p class="note">${escapeHtml(figure.runs.join(", "))}</p></details>
</div>
<div>
${figure.published.map(publishedHtml).join("\n") || "<h4>Published</h4><p>The paper has no such figure.</p>"}
</div>
</div>
</article>`;
}

function picture({ files, title, missing }: Sidecar): string {
  if (!files.svg || !files.svgDark)
    return `<p class="note">No image: ${escapeHtml(missing ?? "not drawn")}. The interactive page shows it.</p>`;
  return `<a href="${escapeHtml(files.html)}"><picture>
<source srcset="${escapeHtml(files.svgDark)}" media="(prefers-color-scheme: dark)">
<img src="${escapeHtml(files.svg)}" alt="${escapeHtml(title)}">
</picture></a>`;
}
