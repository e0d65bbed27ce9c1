import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../lib/util/files";

/** What the reporter prints of these test files, and the totals that it leaves. */
function report(files: Record<string, string>): { stdout: string; totals: unknown } {
  const folder = mkdtempSync(join(tmpdir(), "agentbank-reporter-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const totals = join(folder, "totals.json");
    // This file runs under node's runner as well, which would take the inner one for its own child.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const reporter = join(ROOT, "bin", "test-reporter.cjs");
    const flags = ["--test", `--test-reporter=${reporter}`, "--test-reporter-destination=stdout"];
    const { stdout } = spawnSync(process.execPath, [...flags, ...Object.keys(files)], {
      cwd: folder,
      encoding: "utf8",
      env: { ...env, AGENTBANK_TEST_TOTALS: totals },
    });
    return { stdout, totals: JSON.parse(readFileSync(totals, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("passes are counted, failures are told in full with what was printed, skips with their reason", () => {
  const { stdout, totals } = report({
    "a.test.cjs": `const { test, describe, it } = require("node:test");
      test("stands", () => {});
      test("waits", { skip: "no data here" }, () => {});
      describe("inside", () => { it("falls", () => { console.log("on its way"); throw new TypeError("gravity"); }); });`,
    "b.test.cjs": `require("node:test")("quiet", () => console.log("not worth a line"));`,
  });
  assert.deepEqual(totals, { passed: 2, failed: 1, skipped: 1 });
  assert.match(stdout, /^FAILED a\.test\.cjs: 1 passed, 1 failed, 1 skipped \(/m);
  assert.match(stdout, /FAILED falls: TypeError.*gravity\n.*a\.test\.cjs:4/);
  assert.match(stdout, /skipped waits: no data here/);
  assert.match(stdout, /it printed:\n {4}on its way/);
  assert.match(stdout, /^ok {5}b\.test\.cjs: 1 passed \(/m);
  assert.doesNotMatch(stdout, /not worth a line/);
});

test("a file that breaks down outside of its tests is a failure", () => {
  const { stdout, totals } = report({ "a.test.cjs": `throw new Error("before any test");` });
  assert.deepEqual(totals, { passed: 0, failed: 1, skipped: 0 });
  assert.match(stdout, /outside of its tests/);
  assert.match(stdout, /before any test/);
});

test("a pattern that nothing matches is wrong input", () => {
  const done = spawnSync(process.execPath, [join(ROOT, "bin", "test.cjs"), "no-such-check"], {
    encoding: "utf8",
  });
  assert.equal(done.status, 2);
  assert.equal(done.stdout, "");
  assert.match(done.stderr, /^no check is called no-such-check; known: types, lint/);
});
