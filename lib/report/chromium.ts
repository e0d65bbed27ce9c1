/** The browser that draws figures and shows the agents' pages: the one from npm, else Debian's, else none. */
import { accessSync, constants, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Browser, type LaunchOptions, chromium as playwright } from "playwright-core";
import { writeAtomic } from "../util/files";

const system = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Launches Chromium without a window, or gives the reason why there is none. The caller closes it.
 *
 * The one from `@sparticuz/chromium` unpacks itself into the temporary folder on its first run, where another process
 * may be unpacking it too: hence the second and third try.
 *
 * @param args default: one process without sandbox or web security, fast to draw with; pages of others' need better
 * @param temporary folder for temporary files, the browser's own and playwright's. Default: the system's
 */
export async function launchChromium(
  args?: readonly string[],
  temporary?: string,
): Promise<Browser | { missing: string }> {
  const options: LaunchOptions =
    temporary === undefined ? {} : { env: { ...process.env, TMPDIR: temporary }, artifactsDir: temporary };
  const reasons: string[] = [];
  for (const attempt of [1, 2, 3]) {
    try {
      return await launchBundled(options, args);
    } catch (error) {
      reasons.push((error as Error).message.split("\n")[0]!);
      if ((error as NodeJS.ErrnoException).code) break; // no such module, nowhere to write: trying again will not help
      if (attempt < 3) await wait(2000);
    }
  }
  const executablePath = system.find(existsSync);
  if (executablePath === undefined)
    return { missing: `no Chromium (npm install --include=optional): ${reasons.at(-1)}` };
  try {
    return await playwright.launch({
      ...options,
      executablePath,
      args: [...(args ?? ["--no-sandbox", "--disable-gpu"])],
    });
  } catch (error) {
    return { missing: `${executablePath}: ${(error as Error).message.split("\n")[0]}` };
  }
}

async function launchBundled(options: LaunchOptions, args?: readonly string[]): Promise<Browser> {
  const { default: bundled } = await import("@sparticuz/chromium");
  bundled.setGraphicsMode = false;
  accessSync(tmpdir(), constants.W_OK); // unpacking to where nothing can be written never ends
  const executablePath = await bundled.executablePath();
  return playwright.launch({
    ...options,
    executablePath,
    args: [...(args ?? bundled.args)],
    env: { ...(options.env ?? process.env), ...bundledFonts() },
  });
}

/** Its own fonts and no others, so that text is as wide on every machine, and figures come out the same. */
function bundledFonts(): Record<string, string> {
  const path = join(tmpdir(), "agentbank-fonts.conf");
  const folders = `<dir>${tmpdir()}/fonts</dir><cachedir>${tmpdir()}/fonts-cache</cachedir>`;
  writeAtomic(path, `<?xml version="1.0"?><fontconfig>${folders}</fontconfig>\n`);
  return { FONTCONFIG_FILE: path };
}
