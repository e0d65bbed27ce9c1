import assert from "node:assert/strict";
import { before, test } from "node:test";
import { drive, fault, type Result, shown, unavailable } from "./drive";

let ready = 0;
let results: Result[] = [];

before(() => {
  if (unavailable) return;
  ({ ready, results } = drive([
    { execute: "const kept = 1;" },
    { execute: "await new Promise((resolve) => setTimeout(resolve, 60_000));", interrupt: 0.5 },
    { execute: "for (;;) {}", interrupt: 0.5 },
    { execute: "kept" },
    { all: ["1", "throw new Error('stop here')", "3", "4"] },
    { execute: "'after'" },
  ]));
});

test("an interrupt ends a cell that waits and one that loops, and keeps the session", {
  skip: unavailable,
}, () => {
  for (const result of results.slice(1, 3)) {
    assert.equal(fault(result)?.ename, "Interrupted");
    assert.ok(result.ms < 10_000, `interrupted after ${result.ms} ms`);
  }
  assert.equal(shown(results[3]!), "1");
});

test("cells sent behind one that fails are turned away, later ones run", { skip: unavailable }, () => {
  const statuses = results[4]!.cells.map((cell) => cell.reply.status);
  assert.deepEqual(statuses, ["ok", "error", "aborted", "aborted"]);
  assert.equal(shown(results[5]!), "after");
});

test("the kernel is ready within 30 s", { skip: unavailable }, (t) => {
  t.diagnostic(`ready after ${ready} ms`);
  assert.ok(ready < 30_000);
});
