import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { withLock } from "../../lib/runs/lock";

const path = () => join(mkdtempSync(join(tmpdir(), "lock-")), "lock");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("one works at a time, and nothing is left behind", async () => {
  const lock = path();
  let inside = 0;
  const work = async () => {
    assert.equal(++inside, 1);
    assert.equal(readFileSync(lock, "utf8"), String(process.pid));
    await pause(5);
    inside--;
  };
  await Promise.all(Array.from({ length: 4 }, () => withLock(lock, work)));
  assert.deepEqual(readdirSync(join(lock, "..")), []);
});

test("work that fails gives the lock back, and its error", async () => {
  const lock = path();
  await assert.rejects(
    withLock(lock, () => Promise.reject(new Error("no luck"))),
    /no luck/,
  );
  assert.ok(!existsSync(lock));
});

test("the lock of a process that is gone is taken over", async () => {
  const lock = path();
  writeFileSync(lock, String(spawnSync(process.execPath, ["--version"]).pid));
  assert.equal(await withLock(lock, async () => 7), 7);
});

test("so is that of a process whose number another one has now", {
  skip: !existsSync("/proc/stat"),
}, async () => {
  const lock = path();
  // This process lives, but began after the lock was made.
  writeFileSync(lock, String(process.pid));
  utimesSync(lock, 0, 0);
  assert.equal(await withLock(lock, async () => 7), 7);
});

test("where no lock can be made that is an error, not a wait without end", async () => {
  await assert.rejects(
    withLock(join(path(), "deeper"), async () => 7),
    /ENOENT/,
  );
});
