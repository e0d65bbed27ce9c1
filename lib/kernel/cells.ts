/** Compiles and runs cells, with tslab's converter and executor. */
import { createConverter } from "tslab/dist/converter";
import { createExecutor } from "tslab/dist/executor";
import { ROOT } from "../util/files";
import { takeMaps } from "./commonjs";
import { CompileError, compileFault, type Fault, type RanCell, runtimeFault } from "./fault";
import { describeName } from "./hover";
import { endsInAssignment, expandShorthand } from "./rewrite";

export interface Cells {
  /** Runs a cell and gives the value of its last expression; a promise there is awaited. Throws what the cell throws. */
  run(source: string, cell: number): Promise<unknown>;
  /** What to tell of something that `run` threw, or that escaped from a cell later. */
  explain(thrown: unknown, source: string, cell: number): Fault;
  /** Signature and documentation of the name at a position, by MIME type, or null. */
  inspect(source: string, position: number): Record<string, string> | null;
  complete(source: string, position: number): { start: number; end: number; candidates: string[] };
  /** Makes the running `run` throw `reason`, whatever it waits for. Gives false where none is running. */
  stop(reason: unknown): boolean;
  close(): void;
}

export function createCells(): Cells {
  const converter = createConverter({});
  const ran = new Map<number, RanCell>();
  let running: { source: string; cell: number } = { source: "", cell: 0 };
  let value: unknown;
  let failure: { thrown: unknown } | null = null;
  let stop: ((reason: unknown) => void) | null = null;

  const convert: typeof converter.convert = (declarations, source) => {
    const result = converter.convert(declarations, expandShorthand(source));
    if (result.diagnostics.length > 0) throw new CompileError(result.diagnostics);
    const { code, toLine } = takeMaps(result.output!);
    ran.set(running.cell, { source: running.source, toLine });
    const shown = endsInAssignment(source) ? { lastExpressionVar: undefined } : {};
    // Stacks name the cell by its sourceURL. As async function, so that `await` may stand anywhere in it.
    return {
      ...result,
      output: `${code}\n//# sourceURL=cell[${running.cell}]`,
      hasToplevelAwait: true,
      ...shown,
    };
  };
  const node = { ...converter, convert };
  const executor = createExecutor(
    ROOT,
    { node, browser: node, close: () => converter.close() },
    // tslab logs the value of the last expression, and what the cell throws, and nothing else.
    {
      log: (last) => {
        value = last;
      },
      error: (thrown) => {
        failure = { thrown };
      },
    },
  );

  return {
    async run(source, cell) {
      running = { source, cell };
      value = undefined;
      failure = null;
      const interruption = new Promise<never>((_, reject) => {
        stop = reject;
      });
      interruption.catch(() => {});
      try {
        await Promise.race([executor.execute(source), interruption]);
        // Assigned in a callback, which TypeScript does not see.
        const failed = failure as { thrown: unknown } | null;
        if (failed) throw failed.thrown;
        return await Promise.race([value, interruption]);
      } finally {
        stop = null;
      }
    },
    explain: (thrown, source, cell) =>
      thrown instanceof CompileError ? compileFault(thrown, cell, source) : runtimeFault(thrown, ran),
    inspect(source, position) {
      const info = executor.inspect(source, position);
      return info ? describeName(info) : null;
    },
    complete: (source, position) => executor.complete(source, position),
    stop(reason) {
      if (!stop) return false;
      stop(reason);
      // So that tslab takes nothing of the cell over once its promise settles.
      executor.interrupt();
      return true;
    },
    close: () => executor.close(),
  };
}
