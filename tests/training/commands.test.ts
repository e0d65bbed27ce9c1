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
  assert.match(
    said.join("\n"),
    /: 2 steps, loss \d+\.\d+\n {2}\d+ tokens\/s, peak memory \d\.\d GB\n {2}agent: 30 rows, \d+ tokens/,
  );
  assert.ok(existsSync(join(out, "model.safetensors")));
});

test("train --plan tells what a model by name would need, as a table and as JSON, and trains nothing", async (t) => {
  const out = join(folder, "planned");
  const paper = ["train", "--plan", "--model", "llama-2-7b", "--out", out, "--set", "recompute=true"];
  const table = await run(t, ...paper);
  assert.equal(table.code, 0);
  assert.match(
    table.out.join("\n"),
    /parameters +6\.74 B\n[\s\S]*steps +1503\n[\s\S]*\nfits; up to \d+ tokens/,
  );
  const { out: json } = await run(t, ...paper, "--hardware", "1xA100-80GB", "--json");
  assert.equal(JSON.parse(json.join("\n")).fits, false);
  // With trajectories of one's own, in the tokens of a model that is here.
  const own = await run(t, "train", "--plan", "--agent", file, "--hardware", "1xL4-24GB", "--json");
  assert.equal(own.code, 0);
  assert.equal(JSON.parse(own.out.join("\n")).fits, true);
  const wrong = await run(t, "train", "--plan", "--model", "gpt-5");
  assert.equal(wrong.code, 2);
  assert.match(wrong.err.join("\n"), /unknown model: "gpt-5"; known: llama-2-7b/);
  assert.equal(existsSync(out), false);
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
