import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { claimRows, writeClaims } from "../experiments/claims";
import { notebookOrder } from "../experiments/index";
import { exportHtml } from "../notebook/export";
import { notebookNames, readNotebook, sourceOf } from "../notebook/notebook";
import { type GalleryEntry, galleryPage } from "../report/gallery-page";
import { readSidecars, writeIndex } from "../report/index-page";
import { sharedPlotly } from "../report/standalone";
import { InputError } from "../util/errors";
import { ROOT, writeAtomic } from "../util/files";
import { presetFlag } from "./preset-flag";

/** What `agentbank gallery` does. Everything that it shows was left by `agentbank reproduce`. */
export async function buildGallery(flags: { preset: string; out?: string; api: boolean }): Promise<void> {
  const { preset } = presetFlag(flags.preset);
  const figures = join(ROOT, "figures", preset);
  const executed = join(figures, "notebooks");
  const known = notebookNames(executed);
  if (known.length === 0)
    throw new InputError(
      `no executed notebook in ${executed}; to make them: npm run reproduce -- --preset ${preset}`,
    );
  const out = flags.out ?? join(ROOT, "gallery");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });

  const names = [...notebookOrder.filter((name) => known.includes(name))];
  cpSync(figures, join(out, "figures"), {
    recursive: true,
    filter: (path) => path !== executed,
  });
  writeClaims(join(out, "figures"), preset);
  writeIndex(join(out, "figures"), preset, claimRows(figures), (notebook) =>
    notebook.replace(/^notebooks\/(.*)\.ipynb$/, "../notebooks/$1.html"),
  );
  exportHtml(
    names.map((name) => join(executed, `${name}.ipynb`)),
    join(out, "notebooks"),
    `../figures/${sharedPlotly}`,
  );
  const hasApi = flags.api && buildApi(join(out, "api"));
  const entries = names.map((name) => entryOf(name, executed, figures));
  writeAtomic(join(out, "index.html"), galleryPage(preset, entries, hasApi));
  console.log(join(out, "index.html"));
}

/** A notebook's heading, its first paragraph without markup, and the first figure that it left. */
function entryOf(name: string, executed: string, figures: string): GalleryEntry {
  const { cells } = readNotebook(join(executed, `${name}.ipynb`));
  const [heading = name, ...rest] = sourceOf(cells[0]!).trim().split("\n");
  const paragraph = rest.join("\n").trim().split("\n\n")[0] ?? "";
  const own = readSidecars(figures).find(
    ({ notebook, files }) => notebook === `notebooks/${name}.ipynb` && files.svg,
  );
  return {
    name,
    title: heading.replace(/^#+\s*/, ""),
    summary: paragraph.replaceAll(/[*`_]/g, "").replaceAll(/\s+/g, " "),
    picture: own ? { light: own.files.svg!, dark: own.files.svgDark! } : null,
  };
}

/** The library's exports by typedoc, a development dependency; false, and a line why, where it is not there. */
function buildApi(target: string): boolean {
  const typedoc = join(ROOT, "node_modules", "typedoc", "bin", "typedoc");
  if (!existsSync(typedoc)) {
    console.error("no API docs: typedoc is not installed; to add it: npm run setup");
    return false;
  }
  const options = ["--readme", "none", "--name", "AgentBank Lab", "--githubPages", "false", "--disableGit"];
  const source = ["--sourceLinkTemplate", "{path}", "--skipErrorChecking", "--logLevel", "Error"];
  const entry = ["--tsconfig", join(ROOT, "tsconfig.json"), "--entryPoints", join(ROOT, "lib", "index.ts")];
  const done = spawnSync(process.execPath, [typedoc, ...entry, "--out", target, ...options, ...source], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`typedoc ended with ${done.status}:\n${done.stdout}${done.stderr}`);
  return true;
}
