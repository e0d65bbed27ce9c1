/**
 * tslab 1.0.22 compiles with a fork of TypeScript 5.0.4 that adds a few functions. This puts the TypeScript of
 * package.json in the fork's place, dressed with the same functions, and makes tslab compile cells with the kit's
 * options. Must be called before tslab is loaded. It leans on internals of both: their versions are pinned, and
 * tests/kernel/ runs each of these functions.
 */
import { createRequire } from "node:module";
import ts from "typescript";
import { cellOptions } from "../notebook/cell-options";
import { ROOT } from "../util/files";
import { compileToCommonJs } from "./commonjs";

/** What TypeScript exports at run time and does not declare. */
interface Internals {
  nullTransformationContext: unknown;
  getEmitDeclarations(options: ts.CompilerOptions): boolean;
  sortAndDeduplicateDiagnostics(diagnostics: readonly ts.Diagnostic[]): readonly ts.Diagnostic[];
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  getContainerNode(node: ts.Node): ts.Node | undefined;
  createTextSpanFromNode(node: ts.Node, file: ts.SourceFile): ts.TextSpan;
  SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      container: ts.Node | undefined,
      node: ts.Node,
    ): Pick<ts.QuickInfo, "displayParts" | "documentation" | "tags"> & { symbolKind: ts.ScriptElementKind };
    getSymbolModifiers(checker: ts.TypeChecker, symbol: ts.Symbol): string;
  };
  Completions: { getCompletionsAtPosition(...args: unknown[]): unknown };
}
const internals = ts as typeof ts & Internals;

/** The functions that the fork adds, and those that the kit changes. */
const dress = {
  getNullTransformationContext: () => internals.nullTransformationContext,

  getPreEmitDiagnosticsOfFiles(program: ts.Program, files: readonly ts.SourceFile[]) {
    const declarations = internals.getEmitDeclarations(program.getCompilerOptions());
    const all = files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...(declarations ? program.getDeclarationDiagnostics(file as never) : []),
    ]);
    return internals.sortAndDeduplicateDiagnostics(all);
  },

  getQuickInfoAtPosition(
    file: ts.SourceFile,
    checker: ts.TypeChecker,
    token: ts.CancellationToken,
    position: number,
  ): ts.QuickInfo | undefined {
    const node = internals.getTouchingPropertyName(file, position);
    const symbol = node === file ? undefined : checker.getSymbolAtLocation(node);
    if (!symbol) return undefined;
    const { symbolKind, ...rest } = checker.runWithCancellationToken(token, (c) =>
      internals.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
        c,
        symbol,
        file,
        internals.getContainerNode(node),
        node,
      ),
    );
    return {
      ...rest,
      kind: symbolKind,
      kindModifiers: internals.SymbolDisplay.getSymbolModifiers(checker, symbol),
      textSpan: internals.createTextSpanFromNode(node, file),
    };
  },

  getDefaultTypeRoots: () => [`${ROOT}/node_modules/@types`],

  Completions: {
    // tslab gives an empty host, which names in the braces of an import and module names are not content with.
    getCompletionsAtPositionForTslab(_host: object, program: ts.Program, ...rest: unknown[]) {
      const host = { ...ts.sys, getCompilationSettings: () => program.getCompilerOptions() };
      return internals.Completions.getCompletionsAtPosition(host, program, ...rest);
    },
  },

  createWatchCompilerHost(files: string[], options: ts.CompilerOptions, ...rest: unknown[]) {
    const { noImplicitUseStrict: _gone, disableTopLevelAwait: _fork, ...own } = options;
    const create = ts.createWatchCompilerHost as (...args: unknown[]) => unknown;
    // The inline map leads from what the kernel runs back to the cell's lines; see commonjs.ts.
    return create(files, { ...own, ...cellOptions, inlineSourceMap: true }, ...rest);
  },

  /** tslab uses it to make CommonJS of a cell's output and for nothing else. */
  transpileModule: (code: string) => ({ outputText: compileToCommonJs(code) }),
};

/** Gives tslab the dressed TypeScript. */
export function replaceTypeScriptFork(): void {
  const exports: object = Object.create(ts);
  for (const name of Object.keys(ts)) {
    const get = () => ts[name as keyof typeof ts];
    Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
  }
  for (const [name, value] of Object.entries(dress)) {
    Object.defineProperty(exports, name, { enumerable: true, value });
  }
  const tslab = createRequire(require.resolve("tslab"));
  const file = tslab.resolve("@tslab/typescript-for-tslab");
  tslab.cache[file] = { id: file, filename: file, loaded: true, exports } as NodeJS.Module;
}
