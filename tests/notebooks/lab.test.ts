/** JupyterLab as `agentbank lab` starts it, driven by a browser: what a user sees of the first notebook. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { NOTEBOOKS, readNotebook } from "../../lib/notebook/notebook";
import { launchChromium } from "../../lib/report/chromium";
import { ROOT, writeAtomic } from "../../lib/util/files";
import { unavailable } from "../kernel/drive";

const noLab = existsSync(join(ROOT, ".venv", "bin", "jupyter-lab")) ? false : "no JupyterLab: npm run setup";
const skip = unavailable || noLab;
const LOAD_MS = 60_000;
const RUN_MS = 90_000;

const runs = join(ROOT, "data", "runs");
let lab: ChildProcess | undefined;
let browser: Browser | undefined;
let noBrowser: string | undefined;
let page: Page;
let home: string | undefined;
let folder: string | undefined;

/** The first notebook, as small as it gets, where JupyterLab may save it. */
function copyNotebook(): string {
  mkdirSync(runs, { recursive: true });
  folder = mkdtempSync(join(runs, "lab-"));
  const notebook = readNotebook(join(NOTEBOOKS, "quickstart.ipynb"));
  const parameters = notebook.cells.find((cell) => cell.metadata.tags?.includes("parameters"))!;
  parameters.source =
    'let preset = "smoke";\nlet task = "gsm8k";\nlet count = 8;\nlet steps = 3;\nlet tests = 3;';
  const path = join(folder, "quickstart.ipynb");
  writeAtomic(path, JSON.stringify(notebook));
  return relative(ROOT, path);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Starts JupyterLab with settings and workspaces of its own and gives its address, token included. */
async function startLab(): Promise<URL> {
  home = mkdtempSync(join(tmpdir(), "agentbank-lab-"));
  const args = [join(ROOT, "bin", "agentbank.cjs"), "lab", "--no-browser", "--port", `${await freePort()}`];
  const folders = {
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    AGENTBANK_RUNS: join(home, "runs"),
  };
  const child = spawn(process.execPath, args, {
    detached: true, // a process group, so that nothing of it stays
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...folders },
  });
  lab = child;
  let log = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      log += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+\/\S*token=\w+/.exec(log);
      if (address) resolve(new URL(address[0]));
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => reject(new Error(`agentbank lab ended with ${code}:\n${log}`)));
    setTimeout(() => reject(new Error(`agentbank lab gave no address:\n${log}`)), LOAD_MS).unref();
  });
}

before(async () => {
  if (skip) return;
  const launched = await launchChromium();
  if ("missing" in launched) {
    noBrowser = launched.missing;
    return;
  }
  browser = launched;
  const path = copyNotebook();
  const address = await startLab();
  // Tall, because JupyterLab renders the cells that are in view.
  page = await browser.newPage({ viewport: { width: 1300, height: 3000 } });
  address.pathname = `/lab/tree/${path}`;
  await page.goto(address.href, { timeout: LOAD_MS });
  await page.locator(".jp-Notebook .jp-CodeCell").first().waitFor({ timeout: LOAD_MS });
});

after(async () => {
  await browser?.close();
  if (lab?.pid && lab.exitCode === null) {
    const gone = once(lab, "exit");
    lab.kill("SIGTERM"); // so that it ends its kernels
    await Promise.race([gone, wait(10_000, undefined, { ref: false })]);
    try {
      process.kill(-lab.pid, "SIGKILL");
    } catch {} // nothing is left
  }
  for (const path of [home, folder]) if (path) rmSync(path, { recursive: true, force: true });
});

test("the kit's kernel is chosen without asking, and no news is offered", { skip }, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  await page.locator(".jp-Toolbar-kernelName", { hasText: "TypeScript (AgentBank Lab)" }).waitFor();
  await page.locator(".jp-StatusBar-Right, .jp-StatusBar-Left").getByText("| Idle").waitFor();
  assert.deepEqual(await page.locator(".jp-Dialog").allInnerTexts(), []);
  assert.equal(await page.getByText("Jupyter news").count(), 0);
});

test("all cells run, progress changes in place, tables and figures are drawn", { skip }, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  const cells = await page.locator(".jp-CodeCell").count();
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
  const last = page.locator(".jp-CodeCell .jp-InputPrompt").last();
  await last.filter({ hasText: `[${cells}]` }).waitFor({ timeout: RUN_MS });

  const outputs = page.locator(".jp-OutputArea-output");
  const errors = outputs.and(page.locator('[data-mime-type$="error"], [data-mime-type$="stderr"]'));
  assert.deepEqual(await errors.allTextContents(), []);
  const lines = (await outputs.allInnerTexts()).join("\n").split("\n");
  assert.deepEqual(
    lines.map((line) => /^(annotate 8\/8|train 3\/3|play \w+ 3\/3) · /.exec(line)?.[1]).filter(Boolean),
    ["annotate 8/8", "train 3/3", "play before 3/3", "play after 3/3"],
  );
  assert.equal(lines.filter((line) => /^train \d+\/3 /.test(line)).length, 1);
  assert.deepEqual(
    await page.locator(".jp-RenderedHTML table").last().locator("tbody td:first-child").allTextContents(),
    ["base", "tuned"],
  );
  const figure = page.locator(".jp-RenderedPlotly");
  await figure.locator("svg.main-svg").first().waitFor();
  const ticks = await figure.locator("svg .xtick").allTextContents();
  assert.deepEqual(ticks.filter(Boolean), ["base", "tuned"]);
  assert.equal(await figure.locator("img.plot-img").isVisible(), false);
});

test("Tab completes the library's exports in the braces of an import", { skip }, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  await page.getByText("Click to add a cell.").click();
  await page.keyboard.press("Enter");
  const rest = ' } from "agentbank-lab";';
  await page.keyboard.insertText(`import { ${rest}`);
  for (const _ of rest) await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("show");
  await page.keyboard.press("Tab");
  const items = page.locator(".jp-Completer-item");
  await items.first().waitFor();
  assert.deepEqual(
    (await items.allInnerTexts()).map((text) => text.trim()),
    ["showFigure", "showPublished", "showTable"],
  );
});
