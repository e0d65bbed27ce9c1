/** Executes notebooks, with their progress. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mapConcurrent } from "../util/concurrent";
import { ROOT } from "../util/files";
import { type CellEvent, executeNotebook, type Failure } from "./execute";
import {
  NOTEBOOKS,
  type Notebook,
  readNotebook,
  requireNotebooks,
  runnableCells,
  sourceOf,
} from "./notebook";
import { injectParameters, type Parameters, parameterNames } from "./parameters";
import { fingerprint, isAsMarked, markExecuted } from "./reuse";

export interface RunOptions {
  /** Names the folder of results, figures/PRESET/, and is given to notebooks that have a parameter `preset`. */
  preset: string;
  /** Given to every notebook; each must declare them all. Default none. */
  parameters?: Parameters;
  /** Seconds that a cell may take. Default 0, no limit. */
  timeout?: number;
  /** Where the notebooks are. Default notebooks/. */
  folder?: string;
  /** Where the executed copies go. Default figures/PRESET/notebooks/. */
  target?: string;
  /** Notebooks at once. Default 1. */
  jobs?: number;
  /**
   * Leaves a notebook as it was executed where that would be the same again. `config` is a hash of the preset; `files`
   * gives what a notebook left, relative to the repository. Default: every notebook is executed.
   */
  reuse?: { config: string; files(notebook: string): string[] };
  /** Told of every notebook that has ended. */
  onResult?: (result: NotebookResult) => void;
  /** Told of every cell. Default nobody. */
  onEvent?: (event: NotebookEvent) => void;
}

export type NotebookEvent = CellEvent & {
  notebook: string;
  /** How many cells the notebook runs. */
  cells: number;
  /** Milliseconds that the cells after this one may take: as the last time, or as the average so far. */
  eta: number;
};

export interface NotebookResult {
  notebook: string;
  /** The executed copy. */
  path: string;
  ms: number;
  failure: Failure | null;
  /** Whether it was left as it had been executed. */
  reused: boolean;
}

/**
 * Executes notebooks/NAME.ipynb for each name and gives the results in their order. A cell that fails stops its
 * notebook; the others go on. Throws an InputError, before anything runs, on an unknown notebook or parameter.
 */
export async function runNotebooks(names: readonly string[], options: RunOptions): Promise<NotebookResult[]> {
  const { preset, parameters = {}, timeout = 0, folder = NOTEBOOKS, jobs = 1, onEvent = () => {} } = options;
  const { reuse, onResult = () => {} } = options;
  const target = options.target ?? join(ROOT, "figures", preset, "notebooks");
  requireNotebooks(names, folder);
  const ready = names.map((name) => {
    const notebook = readNotebook(join(folder, `${name}.ipynb`));
    const own = parameterNames(notebook).includes("preset") ? { preset, ...parameters } : parameters;
    return { name, notebook: injectParameters(notebook, own), path: join(target, `${name}.ipynb`) };
  });

  return mapConcurrent(ready, jobs, async ({ name, notebook, path }): Promise<NotebookResult> => {
    const end = (rest: Omit<NotebookResult, "notebook" | "path">): NotebookResult => {
      const result = { notebook: name, path, ...rest };
      onResult(result);
      return result;
    };
    const mark = reuse && fingerprint(notebook, reuse.config);
    if (mark !== undefined && isAsMarked(path, mark)) return end({ ms: 0, failure: null, reused: true });
    const cells = runnableCells(notebook).length;
    const eta = estimator(notebook, path);
    const started = performance.now();
    const failure = await executeNotebook(notebook, path, timeout, (event) =>
      onEvent({ ...event, notebook: name, cells, eta: eta(event) }),
    );
    if (mark !== undefined && !failure) markExecuted(path, mark, reuse!.files(name));
    return end({ ms: performance.now() - started, failure, reused: false });
  });
}

/** `main_results cell 3 line 5: TypeError: x is not a function`, on one line whatever the message holds. */
export function describeFailure(notebook: string, { cell, line, ename, evalue }: Failure): string {
  const place = cell === 0 ? "injected parameters" : `cell ${cell}`;
  return `${notebook} ${place}${line === null ? "" : ` line ${line}`}: ${ename}: ${evalue.replace(/\s+/g, " ")}`;
}

/** Estimates what is left from the copy that the last run left at `path`, cells recognised by their text. */
function estimator(notebook: Notebook, path: string): (event: CellEvent) => number {
  const known = existsSync(path) ? durations(readNotebook(path)) : new Map<string, number>();
  const sources = runnableCells(notebook).map(sourceOf);
  let spent = 0;
  return (event) => {
    if ("ms" in event) spent += event.ms;
    const average = spent / Math.max(1, event.cell);
    const left = sources.slice(event.event === "started" ? Math.max(0, event.cell - 1) : event.cell);
    return left.reduce((sum, source) => sum + (known.get(source) ?? average), 0);
  };
}

/** Milliseconds that each executed cell took, by its text. */
function durations(notebook: Notebook): Map<string, number> {
  const found = new Map<string, number>();
  for (const cell of runnableCells(notebook)) {
    const { "iopub.execute_input": start, "shell.execute_reply": end } = cell.metadata.execution ?? {};
    if (start && end) found.set(sourceOf(cell), Date.parse(end) - Date.parse(start));
  }
  return found;
}
