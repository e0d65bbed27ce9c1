import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { exportHtml } from "../notebook/export";
import { notebookNames, requireNotebooks } from "../notebook/notebook";
import { printPages } from "../report/print-page";
import { plotlyScript } from "../report/render";
import { sharedPlotly } from "../report/standalone";
import { InputError } from "../util/errors";
import { ROOT } from "../util/files";
import { presetFlag } from "./preset-flag";

export interface ExportFlags {
  to: "html" | "pdf";
  preset: string;
  out?: string;
}

/** What `agentbank notebook export` does: figures/PRESET/notebooks/NAME.ipynb to NAME.html or NAME.pdf. */
export async function exportNotebooks(names: readonly string[], flags: ExportFlags): Promise<void> {
  requireNotebooks(names);
  const executed = join(ROOT, "figures", presetFlag(flags.preset).preset, "notebooks");
  const target = flags.out ?? executed;
  const chosen = names.length > 0 ? names : notebookNames(executed);
  if (chosen.length === 0)
    throw new InputError(`no executed notebook in ${executed}; to make them: agentbank notebook run`);
  const files = chosen.map((name) => join(executed, `${name}.ipynb`));
  const written = flags.to === "html" ? toHtml(files, target) : await toPdf(files, target);
  for (const path of written) console.log(path);
}

function toHtml(files: readonly string[], target: string): string[] {
  const written = exportHtml(files, target, sharedPlotly);
  copyFileSync(plotlyScript, join(target, sharedPlotly));
  return written;
}

async function toPdf(files: readonly string[], target: string): Promise<string[]> {
  const place = mkdtempSync(join(tmpdir(), "agentbank-export-"));
  try {
    mkdirSync(target, { recursive: true });
    const pages = exportHtml(files, place, null).map((html) => ({
      html,
      pdf: join(target, `${basename(html, ".html")}.pdf`),
    }));
    const failed = await printPages(pages);
    if (failed) throw new InputError(`cannot print: ${failed.missing}`);
    return pages.map(({ pdf }) => pdf);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
