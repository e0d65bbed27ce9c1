/** Figures to SVG and PNG, by plotly in a browser that stays open while figures keep coming. */
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium";
import type { Figure } from "./figures/figure";

/** plotly, as one script for browsers. */
export const plotlyScript = require.resolve("plotly.js/plotly.min.js");

/** How long the browser waits for the next figure, in ms, before it closes and lets the process end. */
const idle = 5000;

let opening: Promise<{ browser: Browser; page: Page } | { missing: string }> | null = null;
let timer: NodeJS.Timeout | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws a figure, one at a time. SVG comes as text, PNG at twice the size as bytes. The same figure gives the same
 * SVG, to the byte. `{ missing }` tells why there is no browser to draw with.
 */
export function render(figure: Figure, format: "svg"): Promise<string | { missing: string }>;
export function render(figure: Figure, format: "png"): Promise<Buffer | { missing: string }>;
export function render(
  figure: Figure,
  format: "svg" | "png",
): Promise<string | Buffer | { missing: string }> {
  const drawn = queue.then(() => draw(figure, format));
  queue = drawn.catch(() => {});
  return drawn;
}

/** Closes the browser, if one is open. Figures drawn later open another. */
export async function closeRenderer(): Promise<void> {
  clearTimeout(timer);
  const open = await opening;
  opening = null;
  if (open && "browser" in open) await open.browser.close();
}

async function draw(figure: Figure, format: "svg" | "png"): Promise<string | Buffer | { missing: string }> {
  clearTimeout(timer);
  opening ??= open();
  const opened = await opening;
  if ("missing" in opened) return opened;
  try {
    const plain = JSON.parse(JSON.stringify(figure)) as Figure;
    const image = await opened.page.evaluate(toImage, { figure: plain, format });
    return format === "svg" ? image : Buffer.from(image, "base64");
  } catch (error) {
    await closeRenderer(); // whatever went wrong, the next figure gets a fresh page
    throw error;
  } finally {
    clearTimeout(timer);
    timer = setTimeout(() => void closeRenderer(), idle);
  }
}

async function open() {
  const browser = await launchChromium();
  if ("missing" in browser) return browser;
  const page = await browser.newPage();
  await page.setContent("<!doctype html><meta charset=utf-8><body></body>");
  await page.evaluate(readFileSync(plotlyScript, "utf8"));
  return { browser, page };
}

/**
 * Runs in the page. plotly draws its element ids from Math.random: seeded, the same figure has the same ids. Which
 * attribute it sets first depends on what it has measured before: sorted, they come in one order.
 */
async function toImage({ figure, format }: { figure: Figure; format: "svg" | "png" }): Promise<string> {
  let state = 1;
  Math.random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const { Plotly } = globalThis as unknown as { Plotly: typeof import("plotly.js") };
  const { width, height } = figure.layout as { width: number; height: number };
  const url = await Plotly.toImage(figure, { format, width, height, scale: format === "png" ? 2 : 1 });
  const image = url.slice(url.indexOf(",") + 1);
  if (format === "png") return image;

  const svg = new DOMParser().parseFromString(decodeURIComponent(image), "image/svg+xml");
  for (const element of Array.from(svg.querySelectorAll("*"))) {
    const sorted = Array.from(element.attributes).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const attribute of sorted) element.removeAttributeNode(attribute);
    for (const attribute of sorted) element.setAttributeNode(attribute);
  }
  return `${new XMLSerializer().serializeToString(svg)}\n`;
}
