/** Executed notebooks as HTML pages that open from disk and ask nothing of the network. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../util/errors";
import { ROOT } from "../util/files";

const PYTHON = join(ROOT, ".venv", "bin", "python");
const SCRIPT = join(ROOT, "lib", "python", "export_notebook.py");

/**
 * Writes TARGET/NAME.html for each notebook file and gives their paths. nbconvert lays the pages out.
 *
 * @param plotly address of plotly's script relative to the pages, for interactive figures; null leaves pictures
 * @throws InputError for files that are not there, and where set-up has not run
 */
export function exportHtml(files: readonly string[], target: string, plotly: string | null): string[] {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0)
    throw new InputError(
      missing.map((file) => `no executed notebook ${file}; to make it: agentbank notebook run`),
    );
  if (!existsSync(PYTHON)) throw new InputError(`missing: ${PYTHON}; to add it: npm run setup`);
  const done = spawnSync(PYTHON, [SCRIPT, plotly ?? "", target, ...files], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`export_notebook.py ended with ${done.status}:\n${done.stderr}`);
  return files.map((file) => join(target, `${basename(file, ".ipynb")}.html`));
}
