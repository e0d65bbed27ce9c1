import assert from "node:assert/strict";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { main } from "../../lib/cli";
import { writeJsonl } from "../../lib/util/jsonl";
import { conversations } from "./fixtures";

const folder = mkdtempSync(join(tmpdir(), "agentbank-commands-"));
const file = join(folder, "rows.jsonl");
writeJsonl(file, conversations(30, 1));

/** Exit code and output of a command line. */
async function run(t: TestContext, ...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  t.mock.method(console, "log", (line: string) => out.push(line));
  t.mock.method(console, "error", (line: string) => err.push(line));
  const code = await main(args);
  t.mock.restoreAll();
  return { code, out, err };
}

test("train tells every faulty setting at once, exits with 2 and writes nothing", async (t) => {
  const out = join(folder, "out");
  const settings = ["learningRate=-1", "clip=0", "schedule=square"];
  const { code, err } = await run(t, "train", "--agent", file, "--out", out, "--set", ...settings);
  assert.equal(code, 2);
  assert.deepEqual(err.map((line) => line.split(":")[0]).sort(), ["clip", "learningRate", "schedule"]);
  assert.equal(existsSync(out), false);
});

test("train trains the shipped base for the steps that it is told", async (t) => {
  const out = join(folder, "trained");
  const settings = ["budget={steps: 2}", "batch={rows: 4}", "learningRate=0.001"];
  const { code, out: said } = await run(t, "train", "--agent", file, "--out", out, "--set", ...settings);
  assert.equal(code, 0);
  assert.match(said.join("\n"), /: 2 steps, loss \d+\.\d+\n {2}agent: 30 rows, \d+ tokens/);
  assert.ok(existsSync(join(out, "model.safetensors")));
});

test("inspect-data summarises a file, and shows a row with its trained tokens apart", async (t) => {
  const summary = await run(t, "inspect-data", file);
  assert.equal(summary.code, 0);
  assert.match(
    summary.out.join("\n"),
    /30 sound rows, \d+ tokens; 0 faults\ntrained: \d+\.\d % of the tokens/,
  );
  const row = await run(t, "inspect-data", file, "--row", "2");
  assert.ok(row.out.join("\n").includes("\x1b[32mblue\x1b[0m"));
  assert.ok(row.out.join("\n").includes("\x1b[2m<|user|>\x1b[0m"));
  assert.equal((await run(t, "inspect-data", file, "--row", "31")).code, 2);
});
