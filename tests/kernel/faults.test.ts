import assert from "node:assert/strict";
import { before, test } from "node:test";
import { driveNamed, fault, printed, type Result, shown, unavailable } from "./drive";

const steps = {
  runtime: {
    execute: `interface Row { name: string }

const check = (row: Row): void => {
  throw new TypeError("bad row " + row.name);
};

check({ name: "x" });`,
  },
  define: {
    execute:
      "function divide(a: number, b: number): number {\n  if (b === 0) throw new RangeError('zero');\n  return a / b;\n}",
  },
  across: { execute: "\n\nconst half: number = divide(1, 2);\ndivide(half, 0);" },
  library: {
    execute: "import { createRng } from './dist/util/random';\nconst rng = createRng(1);\n\nrng.pick([]);",
  },
  types: { execute: "const a = 1;\n\nconst b: string = a;" },
  syntax: { execute: "const a = 1;\nconst = 2;" },
  strict: { execute: "function f(x) {\n  return x;\n}" },
  awaited: {
    execute:
      "async function load(): Promise<number> {\n  await null;\n  throw new Error('no file');\n}\n\nconst n = await load();",
  },
  valued: {
    execute: "const later = async (): Promise<number> => { throw new Error('as value'); };\nlater()",
  },
  floating: { execute: "const one = 1;\nvoid Promise.reject(new Error('floating'));\none" },
  timer: {
    execute: "setTimeout(() => { throw new Error('in a timer'); }, 5);\nawait new Promise(() => {});",
  },
  text: { execute: "throw 'only text';" },
  cause: { execute: "throw new Error('outer', { cause: new Error('inner') });" },
  alive: { execute: "divide(6, 3)" },
  uncounted: { execute: "throw new Error('of the parameters');", history: false },
  counted: { execute: "7" },
} as const;

const results = {} as Record<keyof typeof steps, Result>;

before(() => {
  if (!unavailable) Object.assign(results, driveNamed(steps));
});

/** The place of a fault as its traceback's first lines tell it. */
function place(name: keyof typeof steps): string | undefined {
  return fault(results[name])!.traceback.find((line) => /^cell \d+, line \d+:$/.test(line));
}

test("an error has its name, its message and the line that threw", { skip: unavailable }, () => {
  const { ename, evalue, traceback } = fault(results.runtime)!;
  assert.equal(ename, "TypeError");
  assert.equal(evalue, "bad row x");
  assert.equal(place("runtime"), "cell 1, line 4:");
  assert.ok(
    traceback.includes('-->   4   throw new TypeError("bad row " + row.name);'),
    traceback.join("\n"),
  );
  assert.deepEqual(traceback.slice(-2), ["    at check (cell 1:4)", "    at cell 1:7"]);
  assert.equal(results.runtime.reply.status, "error");
  assert.equal(results.runtime.reply.ename, "TypeError");
});

test("a stack leads through the cells that called each other", { skip: unavailable }, () => {
  assert.equal(place("across"), "cell 2, line 2:");
  assert.deepEqual(fault(results.across)!.traceback.slice(-2), [
    "    at divide (cell 2:2)",
    "    at cell 3:4",
  ]);
});

test("an error from inside the library points at the cell's line", { skip: unavailable }, () => {
  assert.equal(fault(results.library)!.ename, "RangeError");
  assert.equal(place("library"), "cell 4, line 4:");
});

test("type errors, syntax errors and implicit any fail the cell at their line", { skip: unavailable }, () => {
  assert.equal(fault(results.types)!.ename, "TypeScriptError");
  assert.match(
    fault(results.types)!.evalue,
    /^Type 'number' is not assignable to type 'string'\. \(TS2322\)$/,
  );
  assert.equal(place("types"), "cell 5, line 3:");
  assert.equal(fault(results.syntax)!.ename, "SyntaxError");
  assert.equal(place("syntax"), "cell 6, line 2:");
  assert.match(fault(results.strict)!.evalue, /implicitly has an 'any' type/);
});

test("a promise that rejects fails the cell: awaited, as value, or left alone", { skip: unavailable }, () => {
  assert.equal(place("awaited"), "cell 8, line 3:");
  assert.ok(fault(results.awaited)!.traceback.includes("    at async cell 8:6"));
  assert.equal(fault(results.valued)!.evalue, "as value");
  assert.equal(fault(results.floating)!.evalue, "floating");
  assert.equal(place("floating"), "cell 10, line 2:");
});

test("what a timer throws fails the waiting cell at once", { skip: unavailable }, () => {
  assert.equal(fault(results.timer)!.evalue, "in a timer");
});

test("what is thrown and is no Error is told, and so is a cause", { skip: unavailable }, () => {
  assert.equal(fault(results.text)!.evalue, "only text");
  assert.ok(fault(results.cause)!.traceback.includes("  Error: inner"));
});

test("the session lives on, without the failed cells' names", { skip: unavailable }, () => {
  assert.equal(shown(results.alive), "2");
  assert.equal(printed(results.alive, "stderr"), "");
});

test("a cell outside the history is cell 0 and does not count", { skip: unavailable }, () => {
  assert.equal(place("uncounted"), "cell 0, line 1:");
  const counted = results.counted.reply.execution_count - results.alive.reply.execution_count;
  assert.equal(counted, 1);
});
