/** JupyterLab as `agentbank lab` starts it, driven by a browser: what a user sees of three notebooks. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { parse, stringify } from "yaml";
import { NOTEBOOKS, readNotebook, runnableCells } from "../../lib/notebook/notebook";
import { launchChromium } from "../../lib/report/chromium";
import { ROOT, writeAtomic } from "../../lib/util/files";
import { unavailable } from "../kernel/drive";

const noLab = existsSync(join(ROOT, ".venv", "bin", "jupyter-lab")) ? false : "no JupyterLab: npm run setup";
const skip = unavailable || noLab;
const LOAD_MS = 60_000;
const RUN_MS = 240_000;
const KERNEL = "TypeScript (AgentBank Lab)";

const runs = join(ROOT, "data", "runs");
let lab: ChildProcess | undefined;
let browser: Browser | undefined;
let noBrowser: string | undefined;
let page: Page;
let home: string | undefined;
let folder: string | undefined;
let address: URL | undefined;
const PRESET = "test-lab";

/** A copy of a notebook where JupyterLab may save it, with the parameters that make it as small as it gets. */
function copyNotebook(name: string, parameters: string): string {
  folder ??= mkdtempSync(join(runs, "lab-"));
  const notebook = readNotebook(join(NOTEBOOKS, `${name}.ipynb`));
  notebook.cells.find((cell) => cell.metadata.tags?.includes("parameters"))!.source = parameters;
  const path = join(folder, `${name}.ipynb`);
  writeAtomic(path, JSON.stringify(notebook));
  return relative(ROOT, path);
}

/** The smoke preset with one task, so that its runs take a moment; figures of its own. */
function smallPreset(): string {
  const preset = parse(readFileSync(join(ROOT, "configs", "smoke.yaml"), "utf8"));
  Object.assign(preset.data, { tasks: ["gsm8k"], train: 12, test: 3 });
  const path = join(home!, "lab.yaml");
  writeFileSync(path, stringify({ ...preset, name: PRESET }));
  return path;
}

/** Opens a notebook in the lab and waits for its kernel: cells that are run before it is there are not run at all. */
async function openNotebook(path: string): Promise<Page> {
  // Tall, because JupyterLab renders the cells that are in view.
  const opened = await browser!.newPage({ viewport: { width: 1300, height: 5000 } });
  const url = new URL(address!);
  url.pathname = `/lab/tree/${path}`;
  await opened.goto(url.href, { timeout: LOAD_MS });
  await opened.locator(".jp-Notebook .jp-CodeCell").first().waitFor({ timeout: LOAD_MS });
  await opened.locator(".jp-Toolbar-kernelName", { hasText: KERNEL }).waitFor({ timeout: LOAD_MS });
  await opened
    .locator(".jp-StatusBar-Right, .jp-StatusBar-Left")
    .getByText("| Idle")
    .waitFor({ timeout: LOAD_MS });
  return opened;
}

/** Runs all cells from the menu, waits for the last or for an error, and asserts that none wrote one. */
async function runAll(opened: Page, name: string): Promise<void> {
  const cells = runnableCells(readNotebook(join(NOTEBOOKS, `${name}.ipynb`))).length;
  await opened.getByRole("menuitem", { name: "Run", exact: true }).click();
  await opened.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
  const last = opened.locator(".jp-CodeCell .jp-InputPrompt", { hasText: `[${cells}]` });
  const errors = opened
    .locator(".jp-OutputArea-output")
    .and(opened.locator('[data-mime-type$="error"], [data-mime-type$="stderr"]'));
  try {
    await last.or(errors).first().waitFor({ timeout: RUN_MS });
  } catch (error) {
    const seen = (where: string) => opened.locator(where).allInnerTexts();
    const [prompts, dialogs, status] = await Promise.all(
      [".jp-CodeCell .jp-InputPrompt", ".jp-Dialog", ".jp-StatusBar-Left"].map(seen),
    );
    throw new Error(`${error}\n${JSON.stringify({ prompts, dialogs, status })}`);
  }
  assert.deepEqual(await errors.allTextContents(), []);
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
    JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
    AGENTBANK_RATINGS: join(home, "ratings"),
  };
  // All cells stay in the page, also those out of view.
  writeAtomic(
    join(home, "settings", "@jupyterlab", "notebook-extension", "tracker.jupyterlab-settings"),
    JSON.stringify({ windowingMode: "none" }),
  );
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
  mkdirSync(runs, { recursive: true });
  address = await startLab();
  const parameters = ['task = "gsm8k"', "count = 8", "steps = 3", "tests = 3"].map((p) => `let ${p};`);
  page = await openNotebook(copyNotebook("quickstart", ['let preset = "smoke";', ...parameters].join("\n")));
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
  for (const path of [home, folder, join(ROOT, "figures", PRESET)])
    if (path) rmSync(path, { recursive: true, force: true });
});

test("the kit's kernel is chosen without asking, and no news is offered", { skip }, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  assert.equal(await page.locator(".jp-Toolbar-kernelName").textContent(), KERNEL);
  assert.deepEqual(await page.locator(".jp-Dialog").allInnerTexts(), []);
  assert.equal(await page.getByText("Jupyter news").count(), 0);
});

test("all cells run, progress changes in place, tables and figures are drawn", { skip }, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  await runAll(page, "quickstart");
  const outputs = page.locator(".jp-OutputArea-output");
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

test("pairs are rated by keyboard under a cell, and the next one reads what was said", {
  skip,
}, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  const run = async (code: string) => {
    await page.getByText("Click to add a cell.").click();
    await page.keyboard.press("Enter");
    await page.keyboard.insertText(code);
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Escape");
  };
  await run(`import { pairUp, readRatings, showRating } from "agentbank-lab";
const shorter = trajectories.map((one) => ({ ...one, turns: one.turns.slice(0, -1) }));
const site = await showRating(pairUp(trajectories.slice(0, 2), shorter));`);
  const frame = page.frameLocator('iframe[title="pairs to rate"]');
  await frame.locator("#rater").fill("lab");
  await frame.locator("#rater").press("Enter");
  for (const number of [1, 2]) {
    await frame.getByText(`Pair ${number}`).waitFor();
    await frame.locator("body").press("ArrowRight");
  }
  await frame.getByText("All pairs are rated").waitFor();
  await run("(await readRatings()).map(({ rater, verdict }) => [rater, verdict].join())");
  const said = page.locator(".jp-OutputArea-output", { hasText: "lab," }).last();
  await said.waitFor();
  assert.equal((await said.textContent())?.match(/lab,(win|lose)/g)?.length, 2);
  await run("await site.close()");
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
    ["showConversation", "showFigure", "showJson", "showPublished", "showRating", "showTable", "showTokens"],
  );
});

test("the walk through one instance: its turns unfold, its tokens are marked, its loss is drawn", {
  skip,
}, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  const parameters = ['preset = "smoke"', 'task = "gsm8k"', "seed = 7", "steps = 3"];
  const walk = await openNotebook(copyNotebook("walkthrough", parameters.map((p) => `let ${p};`).join("\n")));
  await runAll(walk, "walkthrough");
  const turns = walk.locator(".jp-RenderedHTML details");
  assert.ok((await turns.count()) > 4);
  await turns.first().locator("summary").click();
  assert.equal(await turns.first().getAttribute("open"), null, "a click folds a turn");
  assert.ok((await walk.locator('.jp-RenderedHTML span[style*="#009e73"]').count()) > 0, "trained tokens");
  await walk.locator(".jp-RenderedPlotly svg.main-svg").first().waitFor();
});

test("an experiment: its runs are computed, its figures drawn, its published tables shown", {
  skip,
}, async (t) => {
  if (noBrowser) return t.skip(noBrowser);
  const statistics = await openNotebook(
    copyNotebook("dataset-statistics", `let preset = ${JSON.stringify(smallPreset())};`),
  );
  await runAll(statistics, "dataset-statistics");
  await statistics.locator(".jp-RenderedPlotly svg.main-svg").nth(1).waitFor();
  assert.ok((await statistics.getByText("Published: AgentBank, Table 2").count()) > 0);
  assert.equal(await statistics.getByText("1 of 1 runs").count(), 1);
});
