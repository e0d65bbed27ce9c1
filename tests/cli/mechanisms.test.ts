/** The command line around mechanisms and preferences. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { main } from "../../lib/cli";
import { ROOT } from "../../lib/util/files";

const place = mkdtempSync(join(tmpdir(), "mechanisms-command-"));
after(() => rmSync(place, { recursive: true }));
const base = join(ROOT, "data", "base");

/** Runs a command line, and gives its exit code and what it printed. */
async function run(...args: string[]) {
  const printed = { log: [] as string[], error: [] as string[] };
  const { log, error } = console;
  console.log = (text: string) => void printed.log.push(text);
  console.error = (text: string) => void printed.error.push(text);
  try {
    return { code: await main(args), log: printed.log.join("\n"), error: printed.error };
  } finally {
    Object.assign(console, { log, error });
    process.exitCode = 0;
  }
}
const small = ["--tasks", "gsm8k", "--instances", "3", "--shots", "0", "--max-tokens", "12"];

test("an evaluation by reflexion says that it has an oracle, and its folder is its own", async () => {
  const out = join(place, "reflexion");
  const args = ["evaluate", "--model", base, ...small, "--out", out];
  const { code, log } = await run(...args, "--mechanism", "reflexion", "--trials", "2");
  assert.equal(code, 0);
  assert.match(log, /up to 2 trials; success was read off the reward, an oracle/);
  const [episode] = readFileSync(join(out, "gsm8k", "episodes.jsonl"), "utf8").split("\n");
  assert.equal(JSON.parse(episode!).trials.length, 2);
  const other = await run(...args, "--mechanism", "reflexion", "--trials", "3");
  assert.equal(other.code, 2);
  assert.match(other.error.join("\n"), /another configuration/);
});

test("one model thinks and another acts", async () => {
  const args = ["evaluate", "--model", base, ...small, "--out", join(place, "planner"), "--json"];
  const { code, log } = await run(...args, "--mechanism", "planner", "--actor", base);
  assert.equal(code, 0);
  const [{ usage, meanSteps }] = JSON.parse(log).tasks;
  assert.ok(usage.calls >= 3 * meanSteps, "two calls a step");
});

test("wrong flags and tasks that cannot be planned are told together", async () => {
  const { code, error } = await run(
    ...["evaluate", "--model", "simulated", "--tasks", "gsm8k,alfworld,ic-sql", "--mechanism", "rewoo"],
    ...["--trials", "2", "--actor", "/no/such", "--out", join(place, "never")],
  );
  assert.equal(code, 2);
  assert.equal(error.length, 6, error.join("\n"));
  for (const fault of [
    /--trials goes with/,
    /--actor goes with/,
    /simulated teacher/,
    /^alfworld: /,
    /^ic-sql: /,
  ])
    assert.ok(
      error.some((line) => fault.test(line)),
      `${fault}`,
    );
  assert.ok(!existsSync(join(place, "never")));
});

test("prefer: from a bank and the agent's own episodes to a checkpoint", async () => {
  const [bank, played, out] = [join(place, "bank"), join(place, "played"), join(place, "preferred")];
  assert.equal((await run("annotate", "gsm8k", "--count", "3", "--shots", "0", "--out", bank)).code, 0);
  const explore = ["evaluate", "--model", base, ...small, "--split", "train", "--out", played];
  assert.equal((await run(...explore)).code, 0);
  const { code, log, error } = await run(
    ...["prefer", "--model", base, "--agent", join(bank, "trajectories.jsonl")],
    ...["--explored", join(played, "gsm8k"), "--out", out],
    ...["--set", "budget={steps: 2}", "learningRate=0.001", "tied=true"],
  );
  assert.equal(code, 0, error.join("\n"));
  assert.match(log, /: [123] pairs, 2 steps, loss \d\.\d+, \d+ % the right way round/);
  assert.ok(existsSync(join(out, "model.safetensors")));
  // The pairs are left beside it, and can be trained on again.
  const again = [
    "prefer",
    "--model",
    base,
    "--pairs",
    join(out, "pairs.jsonl"),
    "--out",
    join(place, "again"),
  ];
  assert.equal((await run(...again, "--set", "budget={steps: 1}")).code, 0);
});

test("prefer: what is missing is told at once", async () => {
  const nothing = await run("prefer", "--model", "/no/such", "--explored", "/nowhere");
  assert.equal(nothing.code, 2);
  assert.equal(nothing.error.length, 3, nothing.error.join("\n"));
  const faulty = await run("prefer", "--model", base, "--pairs", "/none.jsonl", "--set", "beta=-1");
  assert.match(faulty.error.join("\n"), /beta/);
});
