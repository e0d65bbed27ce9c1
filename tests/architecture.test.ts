/**
 * Imports in lib/ go in one direction: a file may import from its own folder and from folders of lower rank. Read
 * with the compiler's own parser, so that type imports, re-exports, import() and require() count alike.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const LIB = resolve(__dirname, "..", "lib");

/** From the lowest rank to the highest. A name is a folder of lib/, or a file beside them. */
const ranks: readonly (readonly string[])[] = [
  ["util"],
  ["compile"],
  ["trajectory", "model", "report", "setup", "notebook"],
  ["envs", "llm", "sources"],
  ["tasks", "agent.ts"],
  ["annotate", "training", "evaluation", "mechanisms"],
  ["runs"],
  ["experiments"],
  ["cli", "cli.ts", "index.ts"],
];
/** Programs of their own, which may use the rest and which nothing uses. */
const apart = ["kernel", "bench"];
/** Folders of equal rank know nothing of each other, except that all of them speak of trajectories. */
const shared = "trajectory/schema.ts";

const files = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const source = new Map(files.map((file) => [file, readFileSync(join(LIB, file), "utf8")]));
const unit = (file: string) => file.split("/")[0]!;
const isFile = (file: string) => unit(file) === file;
const rank = (file: string) => ranks.findIndex((names) => names.includes(unit(file)));

interface Import {
  /** File of lib/ that is imported, as a path in lib/; null where there is none of that name. */
  file: string | null;
  specifier: string;
  line: number;
  /** False for `import type`, `export type` and `typeof import()`, which leave nothing at run time. */
  runtime: boolean;
}

/** The relative imports of a file, in every form that TypeScript has. */
function importsOf(file: string, text = source.get(file)!): Import[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, runtime: boolean) => {
    if (!node || !ts.isStringLiteralLike(node) || !node.text.startsWith(".")) return;
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    found.push({ file: resolveImport(file, node.text), specifier: node.text, line: line + 1, runtime });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, !isTypeOnly(node.importClause));
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, !node.isTypeOnly);
    if (ts.isExternalModuleReference(node)) add(node.expression, true);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, false);
    if (ts.isCallExpression(node) && isLoading(node.expression)) add(node.arguments[0], true);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const isLoading = (callee: ts.Expression) =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((e) => e.isTypeOnly);
}

function resolveImport(from: string, specifier: string): string | null {
  const base = join(dirname(from), specifier).replace(/\.js$/, "");
  return [`${base}.ts`, join(base, "index.ts"), base].find((file) => source.has(file)) ?? null;
}

/** Why `from` may not import this, or null where it may. */
function fault(from: string, { file }: Import): string | null {
  if (file === null) return "no such file in lib/";
  if (unit(file) === unit(from)) return null;
  if (apart.includes(unit(file))) return `nothing imports ${unit(file)}`;
  if (apart.includes(unit(from))) return null;
  if (rank(file) < rank(from) || file === shared) return null;
  // A file that stands beside the folders is of one piece with the folder of its rank.
  if (rank(file) === rank(from) && (isFile(file) || isFile(from))) return null;
  return `${unit(from)} (rank ${rank(from)}) imports ${unit(file)} (rank ${rank(file)})`;
}

/** Cycles of imports that exist at run time, each as a chain of files. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

test("every folder of lib/ has its rank", () => {
  const strangers = [...new Set(files.map(unit))].filter((name) => rank(name) < 0 && !apart.includes(name));
  assert.deepEqual(strangers, []);
});

test("imports go from higher ranks to lower ones", () => {
  const faults = files.flatMap((file) =>
    importsOf(file).flatMap((found) => {
      const why = fault(file, found);
      return why ? [`lib/${file}:${found.line}: "${found.specifier}": ${why}`] : [];
    }),
  );
  assert.deepEqual(faults, []);
});

test("no file imports itself by way of others", () => {
  const runtime = (file: string) =>
    importsOf(file).flatMap((found) => (found.runtime && found.file ? [found.file] : []));
  assert.deepEqual(cycles(new Map(files.map((file) => [file, runtime(file)]))), []);
});

test("no file of lib/ is longer than 400 lines", () => {
  const long = [...source].filter(([, text]) => text.trimEnd().split("\n").length > 400);
  assert.deepEqual(
    long.map(([file]) => file),
    [],
  );
});

test("the checks see what they forbid", () => {
  const text = `
    import type { A } from "../training/train";
    export * from "../envs/environment";
    const late = () => import("../cli.js");
    type B = typeof import("../agent");
    import "./neighbour-that-is-not-there";`;
  const found = importsOf("model/llama.ts", text);
  assert.deepEqual(
    found.map(({ line, runtime }) => [line, runtime]),
    [
      [2, false],
      [3, true],
      [4, true],
      [5, false],
      [6, true],
    ],
  );
  assert.match(fault("model/llama.ts", found[1]!)!, /model \(rank 2\) imports envs \(rank 3\)/);
  assert.match(fault("model/llama.ts", found[2]!)!, /imports cli\.ts/);
  assert.match(fault("model/llama.ts", found[4]!)!, /no such file/);
  assert.equal(fault("cli.ts", { ...found[1]!, file: "envs/environment.ts" }), null);
  assert.match(fault("cli.ts", { ...found[1]!, file: "kernel/launch.ts" })!, /nothing imports kernel/);
  assert.deepEqual(
    cycles(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
    ["b → c → b"],
  );
});
