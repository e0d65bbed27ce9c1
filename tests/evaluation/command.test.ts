import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { main } from "../../lib/cli";

const out = mkdtempSync(join(tmpdir(), "evaluate-command-"));
after(() => rmSync(out, { recursive: true }));

/** Runs the command line, and gives its exit code and what it printed. */
async function run(...args: string[]) {
  const printed = { log: [] as string[], error: [] as string[] };
  const { log, error } = console;
  console.log = (text: string) => void printed.log.push(text);
  console.error = (text: string) => void printed.error.push(text);
  try {
    const code = await main(["evaluate", ...args]);
    return { code, log: printed.log.join("\n"), error: printed.error };
  } finally {
    Object.assign(console, { log, error });
  }
}

test("the simulated teacher is scored on two tasks and their average, and says that it is simulated", async () => {
  const args = ["--model", "simulated", "--tasks", "gsm8k,alfworld", "--instances", "20", "--out", out];
  const { code, log } = await run(...args, "--json");
  assert.equal(code, 0);
  const { tasks, heldIn, heldOut } = JSON.parse(log);
  assert.deepEqual(
    tasks.map((t: { task: string; instances: number; simulated: boolean }) => [
      t.task,
      t.instances,
      t.simulated,
    ]),
    [
      ["gsm8k", 20, true],
      ["alfworld", 20, true],
    ],
  );
  assert.equal(heldIn.average.mean, (heldIn.skills.math.mean + heldIn.skills.embodied.mean) / 2);
  assert.equal(heldOut, null);

  const text = (await run(...args)).log;
  assert.match(text, /alfworld .*\[.*\].*success rate; \d+ submitted/);
  assert.match(text, /held-in average/);
  assert.match(text, /simulated teacher/);
});

test("a folder keeps one configuration's results", async () => {
  const args = ["--model", "simulated", "--tasks", "alfworld", "--instances", "20", "--out", out];
  const { code, error } = await run(...args, "--seed", "1");
  assert.equal(code, 2);
  assert.match(error.join("\n"), /another configuration/);
});

test("wrong input: all faults at once, exit code 2, nothing written", async () => {
  const nowhere = join(out, "nowhere");
  const { code, error } = await run("--model", "/no/such", "--tasks", "alfword,gsm8k,sql", "--out", nowhere);
  assert.equal(code, 2);
  assert.equal(error.length, 3);
  assert.match(error[0]!, /^unknown task: "alfword"; known: .*alfworld/);
  assert.match(error[1]!, /^unknown task: "sql"/);
  assert.match(error[2]!, /^no model "\/no\/such"/);
  assert.ok(!existsSync(nowhere));
  assert.equal((await run("--model", "simulated", "--instances", "0")).code, 2);
});
