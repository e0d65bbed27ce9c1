/**
 * A Chromium for pages that nobody vouches for. Each page has a process and a profile of its own; its only way out is
 * a proxy of ours that knows one site; files, downloads, windows and devices are out of reach.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../report/chromium";
import { InputError } from "../../util/errors";
import { pageScript } from "./instrument";
import { servePages } from "./serve";

export interface Cage {
  version: string;
  /** A fresh page of its own process. `said` hears what dialogs say; they are dismissed at once. */
  openPage(said: (text: string) => void): Promise<Page>;
  /** False once the browser has died. */
  alive(): boolean;
  close(): Promise<void>;
}

/** As the official environment's window. */
const viewport = { width: 500, height: 320 };

const flags = (proxy: string) => [
  "--no-sandbox", // the sandbox does not start for root nor in most containers
  "--disable-gpu",
  "--no-zygote",
  "--headless=shell",
  "--disable-dev-shm-usage",
  "--js-flags=--max-old-space-size=512", // megabytes of a page's own; more ends it
  `--proxy-server=${proxy}`,
  "--proxy-bypass-list=<-loopback>",
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--disable-background-networking",
  "--enable-automation",
];

/**
 * Starts the browser and serves `folders` to it, each under its name.
 *
 * @throws InputError where there is no Chromium
 */
export async function openCage(folders: ReadonlyMap<string, string>): Promise<Cage> {
  const server = await servePages(folders);
  // A renderer that is ended leaves files behind: in a folder of ours they go with the browser.
  const home = mkdtempSync(join(tmpdir(), "agentbank-browser-"));
  const browser = await launchChromium(flags(server.proxy), home);
  if ("missing" in browser) {
    rmSync(home, { recursive: true, force: true });
    await server.close();
    throw new InputError(`MiniWoB++ needs Chromium: ${browser.missing}`);
  }
  const release = await removeWithUs(browser, home);
  return {
    version: browser.version(),
    openPage: (said) => openPage(browser, said),
    alive: () => browser.isConnected(),
    async close() {
      await browser.close();
      release();
      await server.close();
    },
  };
}

async function openPage(browser: Browser, said: (text: string) => void): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    acceptDownloads: false,
    serviceWorkers: "block",
    locale: "en-US",
  });
  await context.addInitScript({ content: pageScript() });
  const page = await context.newPage();
  context.on("page", (other) => other !== page && other.close().catch(() => {}));
  page.on("dialog", (dialog) => {
    said(`${dialog.type()}: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  return page;
}

/**
 * The browser ends when its pipe to us closes, even if we are killed, but leaves its profile behind. A shell removes
 * it, and `home`, once its own pipe to us closes and no process of the browser is left to write there. Gives what ends
 * the shell.
 */
async function removeWithUs(browser: Browser, home: string): Promise<() => void> {
  const { pid, profile } = await tracesOf(browser);
  // Playwright makes the browser the leader of a group. A zombie that nobody buries is a member: not waited for long.
  const script = `cat >/dev/null; n=0
    while [ $n -lt 50 ] && kill -0 "-$1" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
    shift; rm -rf "$@"`;
  const folders = profile === null ? [home] : [home, profile];
  const shell = spawn("sh", ["-c", script, "sh", String(pid), ...folders], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // a signal to our group must not end it first
  });
  shell.on("error", () => {}); // without a shell a profile may stay behind
  shell.unref();
  return () => shell.stdin.end();
}

/** The browser's process, and the folder that it keeps its profile in, where it is the one that playwright made. */
async function tracesOf(browser: Browser): Promise<{ pid: number; profile: string | null }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const { arguments: args } = (await session.send("Browser.getBrowserCommandLine")) as {
    arguments: string[];
  };
  await session.detach();
  const folder = args.find((arg) => arg.startsWith("--user-data-dir="))?.slice("--user-data-dir=".length);
  const made = folder?.startsWith(join(tmpdir(), "playwright_"));
  return { pid: processInfo.find(({ type }) => type === "browser")!.id, profile: made ? folder! : null };
}
