import { pathToFileURL } from "node:url";
import { launchChromium } from "./chromium";

/** Prints HTML files as PDF, A4, as the browser lays them out. `{ missing }` tells why there is no browser. */
export async function printPages(
  pages: readonly { html: string; pdf: string }[],
): Promise<{ missing: string } | undefined> {
  const browser = await launchChromium();
  if ("missing" in browser) return browser;
  try {
    const page = await browser.newPage();
    for (const { html, pdf } of pages) {
      await page.goto(pathToFileURL(html).href);
      await page.pdf({ path: pdf, format: "A4", printBackground: true });
    }
  } finally {
    await browser.close();
  }
}
