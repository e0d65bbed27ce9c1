import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { memoryOf, startedIn } from "../../lib/bench/started";

const skip = process.platform === "linux" ? false : "reads /proc";

test("what a process has started is found, though it hides where it comes from, until it ends", {
  skip,
}, async (t) => {
  const folder = `/nowhere/${process.pid}`;
  const commands = () =>
    startedIn(folder)
      .map(({ command }) => command)
      .sort();
  assert.deepEqual(commands(), []);
  // The first sleep has the mark; the second has none, and is found by who started it.
  const child = spawn("sh", ["-c", `sleep 98 & env -i sleep 99 & echo up; wait`], {
    env: { ...process.env, AGENTBANK_SOAK: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const sleeps = () => startedIn(folder).filter(({ command }) => command.startsWith("sleep 9"));
  t.after(() => {
    for (const { pid } of sleeps()) process.kill(pid);
    child.kill();
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  for (let i = 0; i < 100 && sleeps().length < 2; i++) await wait(50);
  assert.deepEqual(commands().slice(-2), ["sleep 98", "sleep 99"]);
  assert.equal(commands().length, 3, "and the shell");
  for (const { pid } of startedIn(folder)) assert.ok(memoryOf(pid) > 0.01);
  const [first] = sleeps();
  for (const { pid } of sleeps()) process.kill(pid);
  await new Promise((resolve) => child.once("exit", resolve));
  assert.deepEqual(commands(), []);
  assert.equal(memoryOf(first!.pid), 0);
});

test("memory is in MB", { skip }, () => {
  const before = memoryOf(process.pid);
  const held = Buffer.alloc(400e6, 1);
  const grown = memoryOf(process.pid) - before;
  // Node's own 90 MB of program count the less, the more processes share them: others may begin meanwhile.
  assert.ok(grown > 300 && grown < 500, `${grown} MB for ${held.length} bytes`);
});
