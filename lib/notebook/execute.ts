/** Executes one notebook headless, in the kit's kernel. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { InputError } from "../util/errors";
import { ROOT, writeAtomic } from "../util/files";
import type { Notebook } from "./notebook";

/** `cell` counts from 1 as in `runnableCells`; 0 is the cell of injected parameters. Times are in milliseconds. */
export type CellEvent =
  | { event: "started"; cell: number }
  | { event: "progress"; cell: number; text: string }
  | { event: "finished"; cell: number; ms: number }
  | ({ event: "failed"; ms: number } & Failure);

export interface Failure {
  cell: number;
  /** Line in that cell, from 1; null where the error tells none (not an Error, or the kernel died). */
  line: number | null;
  ename: string;
  evalue: string;
}

const PYTHON = join(ROOT, ".venv", "bin", "python");
const SCRIPT = join(ROOT, "lib", "python", "execute_notebook.py");
const KERNEL = "agentbank-ts";

/**
 * Writes `notebook` to `path` and executes it there: the file is saved after each cell, so a run that is killed leaves
 * what it did. Stops at the first cell that fails and gives its failure; null where all went well.
 *
 * Nothing is skipped when a notebook is executed again: its cells ask the run store, which has what was computed.
 *
 * @param timeout seconds that a cell may take; 0 is no limit
 */
export async function executeNotebook(
  notebook: Notebook,
  path: string,
  timeout: number,
  onEvent: (event: CellEvent) => void,
): Promise<Failure | null> {
  requireSetUp();
  writeAtomic(path, `${JSON.stringify(withoutOutputs(notebook), null, 1)}\n`);
  // Standard input stays open as long as this process lives: the script leaves when it ends.
  const child = spawn(PYTHON, [SCRIPT, path, KERNEL, String(timeout)], { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint = (complaint + chunk).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  let failure: Failure | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const event: CellEvent = JSON.parse(line);
    if (event.event === "failed") failure = event;
    onEvent(event);
  }
  const code = await ended;
  if (code !== 0 && !failure) throw new Error(`execute_notebook.py ended with ${code}:\n${complaint}`);
  return failure;
}

function requireSetUp(): void {
  const needed = [PYTHON, join(ROOT, "dist", "kernel", "launch.js")];
  const missing = needed.filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw new InputError(missing.map((path) => `missing: ${path}; to add it: npm run setup`));
}

function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  return { ...notebook, cells };
}
