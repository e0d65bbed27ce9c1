/**
 * The compiler options of notebook cells. The kernel and `agentbank notebook check` share them, so that a cell that
 * passes the check compiles in the kernel.
 *
 * Bundler resolution is the one that honours `exports` maps, on which `import … from "agentbank-lab"` stands, without
 * asking for file extensions. The DOM is left out: cells run in Node, and its types take a second to read.
 */
import type { CompilerOptions } from "typescript";
import ts from "typescript";

export const cellOptions: CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  types: ["node"],
};
