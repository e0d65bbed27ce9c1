import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "no-browser-"));
after(() => rmSync(folder, { recursive: true }));
const root = resolve(__dirname, "..", "..");
const system = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Where the temporary folder cannot be written, the bundled browser cannot unpack itself. */
test("without a browser the figure is saved as a page and numbers, and says why", {
  skip: system ? `${system} would draw it` : false,
}, () => {
  const script = `
    const { bars } = require("${root}/lib/report/figures/bars");
    const { saveFigure } = require("${root}/lib/report/save");
    const { writeIndex } = require("${root}/lib/report/index-page");
    const figure = bars({ categories: ["a"], label: "x", series: [{ name: "s", values: [1] }] });
    saveFigure({ folder: ${JSON.stringify(folder)}, name: "x", figure, rows: [{ a: 1 }], title: "t", caption: "c", claim: "k",
      published: [], experiment: "e", order: 0, preset: "mini", simulated: false, runs: [], config: "c", data: null })
      .then(() => writeIndex(${JSON.stringify(folder)}, "mini"));`;
  writeFileSync(join(folder, "x.svg"), "from an earlier run");
  execFileSync(process.execPath, ["--require", "ts-node/register", "-e", script], {
    cwd: root,
    env: { ...process.env, TMPDIR: "/proc/nowhere", AGENTBANK_CACHE: "/proc/nowhere" },
    timeout: 60_000,
  });
  const forms = ["csv", "html", "json", "md", "tex"].map((form) => `x.${form}`);
  assert.deepEqual(readdirSync(folder).sort(), ["index.html", "plotly.min.js", ...forms]);
  assert.match(
    readFileSync(join(folder, "index.html"), "utf8"),
    /No image: no Chromium \(npm install --include=optional\): ENOENT/,
  );
});
