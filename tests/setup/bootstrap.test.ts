import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import type { Part } from "../../lib/setup/part";
import { ROOT } from "../../lib/util/files";

interface Bootstrap {
  addParts(parts: readonly Part[], options?: { quiet?: boolean; gpu?: boolean }): number;
  unlike(installed: Locked, locked: Locked): string[];
  execute(command: string, args: readonly string[]): void;
}
type Locked = Record<string, { version: string; optional?: boolean }>;
const { addParts, unlike, execute } = require(join(ROOT, "bin", "bootstrap.cjs")) as Bootstrap;

const part = (changes: Partial<Part>): Part => ({
  name: "lever",
  purpose: "moves the world",
  required: false,
  fallback: "a shorter one",
  remedy: "fetch a lever",
  check: () => ({ found: false, detail: "no lever" }),
  ...changes,
});

/** What a call printed, and what it gave. */
function heard<T>(call: () => T): { lines: string[]; result: T } {
  const { log, error } = console;
  const lines: string[] = [];
  console.log = console.error = (line: string) => lines.push(line);
  try {
    return { result: call(), lines };
  } finally {
    Object.assign(console, { log, error });
  }
}

test("a part that is there is left alone, and quiet says nothing of it", () => {
  const there = part({
    check: () => ({ found: true, detail: "lever 1.0" }),
    install: () => assert.fail("installed again"),
  });
  assert.deepEqual(
    heard(() => addParts([there])),
    { result: 0, lines: ["lever: lever 1.0"] },
  );
  assert.deepEqual(
    heard(() => addParts([there], { quiet: true })),
    { result: 0, lines: [] },
  );
});

test("a missing part is added once, with what was wrong and how long it took", () => {
  let installs = 0;
  const { lines, result } = heard(() => addParts([part({ install: () => installs++ })], { quiet: true }));
  assert.equal(result, 0);
  assert.equal(installs, 1);
  assert.equal(lines[0], "lever: no lever; adding it …");
  assert.match(lines[1]!, /^lever: added in \d+\.\d s$/);
});

test("a part without a way to add it, or not wanted here, is passed over", () => {
  let installs = 0;
  const unwanted = part({ install: () => installs++, wanted: ({ gpu }) => gpu });
  assert.deepEqual(
    heard(() => addParts([part({}), unwanted])),
    { result: 0, lines: [] },
  );
  heard(() => addParts([unwanted], { gpu: true }));
  assert.equal(installs, 1);
});

test("an optional part that fails costs one line with its fallback; a required one is counted", () => {
  const install = () => {
    throw new Error("the forge is cold\nand the smith is out");
  };
  const optional = heard(() => addParts([part({ install })]));
  assert.equal(optional.result, 0);
  assert.equal(
    optional.lines[1],
    "lever: not added: the forge is cold; without it: a shorter one; to add it: fetch a lever",
  );
  const required = heard(() => addParts([part({ install, required: true })]));
  assert.equal(required.result, 1);
  assert.match(required.lines[1]!, /the forge is cold\nand the smith is out/);
});

test("packages are compared by version; optional ones may be absent", () => {
  const locked = {
    "": { version: "0.1.0" },
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0", optional: true },
  };
  assert.deepEqual(unlike({ "node_modules/a": { version: "1.0.0" } }, locked), []);
  assert.deepEqual(unlike({ "node_modules/a": { version: "1.0.1" } }, locked), ["node_modules/a"]);
  assert.deepEqual(unlike({ "node_modules/b": { version: "2.0.1" } }, locked), [
    "node_modules/a",
    "node_modules/b",
  ]);
});

test("a failed command gives its own complaint first", () => {
  const program = `console.log("going well"); console.error("error: it broke"); console.error("bye"); process.exit(3)`;
  assert.throws(() => execute(process.execPath, ["-e", program]), {
    message: /^node -e .* failed: error: it broke\ngoing well/,
    status: 3,
  });
});

test("set-up refuses options that it does not know, before it does anything", () => {
  const done = spawnSync(process.execPath, [join(ROOT, "bin", "setup.cjs"), "--fast"], { encoding: "utf8" });
  assert.equal(done.status, 2);
  assert.equal(done.stderr, 'unknown option: "--fast"; known: --quiet, --gpu\n');
});
