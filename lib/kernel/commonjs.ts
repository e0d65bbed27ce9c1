/** The second half of a cell's compilation: tslab makes an ES module of the cell, this makes CommonJS of that. */
import { SourceMap } from "node:module";
import ts from "typescript";
import { exportVariables } from "./rewrite";

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,(.*)\s*$/;
const MAPS = /\n\/\/# cellMaps=(.*)\s*$/;

/** From a position in the compiled code to the cell's line; all count from 1. Null for code that no line gave. */
export type ToLine = (line: number, column: number) => number | null;

/**
 * CommonJS of an ES module that carries its source map inline. Both maps, from the TypeScript to the ES module and from
 * there to CommonJS, travel in the last line, for `takeMaps`.
 */
export function compileToCommonJs(code: string): string {
  const [, first = ""] = INLINE_MAP.exec(code) ?? [];
  const { outputText, sourceMapText } = ts.transpileModule(exportVariables(code.replace(INLINE_MAP, "")), {
    fileName: "cell.js",
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      sourceMap: true,
    },
  });
  const second = Buffer.from(sourceMapText!).toString("base64");
  return `${outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "")}\n//# cellMaps=${first},${second}`;
}

/** Separates what `compileToCommonJs` gave into code and its way back to the cell's lines. */
export function takeMaps(code: string): { code: string; toLine: ToLine } {
  const [first, second] = MAPS.exec(code)![1]!.split(",").map(parseMap) as [SourceMap, SourceMap];
  const bare = code.replace(MAPS, "");
  const end = bare.split("\n").length;
  return { code: bare, toLine: (line, column) => (line > end ? null : follow(line, column, first, second)) };
}

function parseMap(base64: string): SourceMap {
  return new SourceMap(JSON.parse(Buffer.from(base64, "base64").toString()));
}

function follow(line: number, column: number, first: SourceMap, second: SourceMap): number | null {
  const module = second.findEntry(line - 1, column - 1);
  if (!("originalLine" in module)) return null;
  const cell = first.findEntry(module.originalLine, module.originalColumn);
  // tslab puts one line before the cell's first, so the line counted from 0 there is the cell's counted from 1.
  return "originalLine" in cell && cell.originalLine > 0 ? cell.originalLine : null;
}
