/** Type-checks notebooks without running them: all cells of one as one module, with the kernel's options. */
import { basename } from "node:path";
import ts from "typescript";
import { ROOT } from "../util/files";
import { cellOptions } from "./cell-options";
import { readNotebook, runnableCells, sourceOf } from "./notebook";

export interface CellFault {
  notebook: string;
  /** As in `runnableCells`, from 1. */
  cell: number;
  /** Line in the cell, from 1. */
  line: number;
  message: string;
}

/** The faults of the notebooks at these paths. `agentbank-lab` is taken from dist/, as the kernel does. */
export function checkNotebooks(paths: readonly string[]): CellFault[] {
  const modules = new Map(paths.map((path, i) => [`${ROOT}/notebook-${i}.ts`, toModule(path)]));
  const host = ts.createCompilerHost(cellOptions);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const module = modules.get(file);
    return module ? ts.createSourceFile(file, module.text, version) : getSourceFile(file, version, ...rest);
  };
  const program = ts.createProgram([...modules.keys()], { ...cellOptions, noEmit: true }, host);
  return [...modules].flatMap(([file, module]) => {
    const source = program.getSourceFile(file)!;
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map((diagnostic) => ({
      notebook: module.notebook,
      ...module.place(source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line),
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, " "),
    }));
  });
}

/** `main_results cell 3 line 5: Cannot find name 'x'.` */
export function describeFault({ notebook, cell, line, message }: CellFault): string {
  return `${notebook} cell ${cell} line ${line}: ${message}`;
}

/** One module of a notebook's cells, and the way from its lines, from 0, back to them. */
function toModule(path: string) {
  const sources = runnableCells(readNotebook(path)).map(sourceOf);
  const places = sources.flatMap((source, i) =>
    source.split("\n").map((_, line) => ({ cell: i + 1, line: line + 1 })),
  );
  return {
    notebook: basename(path, ".ipynb"),
    text: `${sources.join("\n")}\nexport {};\n`,
    place: (line: number) => places[Math.min(line, places.length - 1)] ?? { cell: 1, line: 1 },
  };
}
