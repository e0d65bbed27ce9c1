import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { ROOT } from "../../lib/util/files";
import { driveNamed, fault, type Result, shown, unavailable } from "./drive";

const noIndex = existsSync(join(ROOT, "dist", "index.d.ts")) ? false : "no dist/index.d.ts: npm run build";

const steps = {
  versions: { execute: "import { versions } from 'tslab';\n[versions.typescript, process.cwd()].join(' ')" },
  declare: { execute: "let count = 0;\nconst step = 2;\nfunction add(): number { return (count += step); }" },
  assign: { execute: "count = 10;\nadd();\ncount" },
  shorthand: { execute: "const both = { count, step };\nboth" },
  redeclare: { execute: "const step = 'now text';\nstep.length" },
  awaits: { execute: "for await (const n of [Promise.resolve(1)]) count = n;\ncount" },
  generic: {
    execute: "const last = <T,>(xs: readonly T[]): T | undefined => xs.at(-1);\nlast([1, 2])?.toFixed(1)",
  },
  modules: { execute: "import * as aq from 'arquero';\naq.table({ a: [1, 2] }).numRows()" },
  rng: { execute: "import { createRng } from './dist/util/random';\nconst random = createRng('😀');" },
  member: { complete: "const smile = '😀'; random.sa", at: 28 },
  local: { complete: "coun", at: 4 },
  hover: { inspect: "random.fork('x')", at: 9 },
  unknown: { inspect: "  ", at: 1 },
  library: { execute: "import * as lab from 'agentbank-lab';" },
  exports: { complete: "lab.", at: 4 },
  braces: { complete: "import { showT } from 'agentbank-lab';", at: 14 },
  throws: { inspect: "lab.evaluate", at: 6 },
} as const;

const results = {} as Record<keyof typeof steps, Result>;

before(() => {
  if (!unavailable) Object.assign(results, driveNamed(steps));
});

test("TypeScript is package.json's, and the repository's root is the working folder", {
  skip: unavailable,
}, () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.equal(shown(results.versions), `${dependencies.typescript} ${ROOT}`);
});

test("a function and a later cell share a `let`", { skip: unavailable }, () => {
  assert.equal(shown(results.assign), "12");
});

test("an earlier cell's variable can be a shorthand property", { skip: unavailable }, () => {
  assert.equal(shown(results.shorthand), "{ count: 12, step: 2 }");
});

test("a name can be declared again, with another type", { skip: unavailable }, () => {
  assert.equal(shown(results.redeclare), "8");
});

test("for await, generics and ES modules work at the top level", { skip: unavailable }, () => {
  assert.equal(shown(results.awaits), "1");
  assert.equal(shown(results.generic), "2.0");
  assert.equal(shown(results.modules), "2");
});

test("completion knows the library's types, and counts code points", { skip: unavailable }, () => {
  assert.deepEqual(results.member.reply.matches, ["sample"]);
  assert.deepEqual([results.member.reply.cursor_start, results.member.reply.cursor_end], [26, 28]);
  assert.equal(results.local.reply.matches[0], "count");
});

test("inspection gives signature and documentation", { skip: unavailable }, () => {
  const text = results.hover.reply.data["text/plain"];
  assert.match(text, /fork\(label: string \| number\): Rng/);
  assert.match(text, /independent stream/);
  assert.equal(results.unknown.reply.found, false);
});

test("the package itself can be imported, with its types", { skip: unavailable || noIndex }, () => {
  assert.equal(fault(results.library), undefined);
  const names = Object.keys(require(join(ROOT, "dist", "index.js")));
  assert.ok(names.length > 0);
  const missing = names.filter((name) => !results.exports.reply.matches.includes(name));
  assert.deepEqual(missing, []);
});

test("the braces of an import complete to the package's exports", {
  skip: unavailable || noIndex,
}, () => {
  const { matches, cursor_start, cursor_end } = results.braces.reply;
  assert.deepEqual([matches, cursor_start, cursor_end], [["showTable", "showTokens"], 9, 14]);
});

test("inspection names the tags of a docstring, and comes as Markdown too", {
  skip: unavailable || noIndex,
}, () => {
  const { data } = results.throws.reply;
  assert.match(data["text/plain"], /@throws /);
  assert.match(data["text/markdown"], /^```ts\n.*evaluate/);
});
