import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isHeld, lockOwner, withAnyLock, withLock } from "../../lib/runs/lock";

const path = () => join(mkdtempSync(join(tmpdir(), "lock-")), "lock");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("one works at a time, and nothing is left behind", async () => {
  const lock = path();
  let inside = 0;
  const work = async () => {
    assert.equal(++inside, 1);
    assert.deepEqual(lockOwner(lock), { pid: process.pid, host: hostname() });
    await pause(5);
    inside--;
  };
  await Promise.all(Array.from({ length: 4 }, () => withLock(lock, work)));
  assert.deepEqual(readdirSync(join(lock, "..")), []);
});

test("of several locks each is held by one, and as many work as there are locks", async () => {
  const locks = [path(), path()];
  const owners = () => locks.filter((lock) => lockOwner(lock) !== null).length;
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    assert.equal(owners(), inside);
    await pause(20);
    inside--;
  };
  await Promise.all(Array.from({ length: 5 }, () => withAnyLock(locks, work)));
  assert.deepEqual([most, owners()], [2, 0]);
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

test("another machine's lock is kept while its owner says that it lives, and taken over when it falls silent", async () => {
  const lock = path();
  // A number that is nobody's here: on another machine that says nothing.
  writeFileSync(lock, `${spawnSync(process.execPath, ["--version"]).pid} another-machine`);
  assert.ok(isHeld(lock));
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  utimesSync(lock, minutesAgo(9), minutesAgo(9));
  assert.ok(isHeld(lock));
  utimesSync(lock, minutesAgo(11), minutesAgo(11));
  assert.ok(!isHeld(lock));
  assert.equal(await withLock(lock, async () => 7), 7);
});

test("whether a lock is held can be asked without taking it", async () => {
  const lock = path();
  assert.ok(!isHeld(lock));
  await withLock(lock, async () => assert.ok(isHeld(lock)));
  writeFileSync(lock, `${spawnSync(process.execPath, ["--version"]).pid} ${hostname()}`);
  assert.ok(!isHeld(lock), "its owner is gone");
});
