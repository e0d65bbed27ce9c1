import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { main } from "../../lib/cli";
import { loadPreset } from "../../lib/experiments/preset";
import { runsOf } from "../../lib/experiments/uses";
import { isDone } from "../../lib/runs/store";
import { ROOT } from "../../lib/util/files";
import { ownStore } from "../runs/by-hand";

async function sweep(...args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const said = { out: [] as string[], err: [] as string[] };
  const { log, error } = console;
  console.log = (text: string) => void said.out.push(text);
  console.error = (text: string) => void said.err.push(text);
  try {
    return { code: await main(["sweep", ...args]), ...said };
  } finally {
    Object.assign(console, { log, error });
    process.exitCode = 0;
  }
}

test("a sweep computes what the experiments named ask for, and the second time nothing", async () => {
  ownStore();
  const preset = parse(readFileSync(join(ROOT, "configs", "smoke.yaml"), "utf8"));
  Object.assign(preset.data, { tasks: ["gsm8k", "webshop"], train: 4 });
  const path = join(mkdtempSync(join(tmpdir(), "preset-")), "mine.yaml");
  writeFileSync(path, stringify({ ...preset, name: "mine" }));
  const asked = ["--preset", path, "--only", "dataset-statistics", "--workers", "1"];
  const [first] = (await sweep(...asked)).out;
  assert.match(
    first!,
    /^2 runs computed in [\d.]+ s, 0 were there or not needed: preset mine, dataset-statistics: complete$/,
  );
  assert.ok(runsOf(loadPreset(path), ["dataset-statistics"]).every(isDone));
  assert.match((await sweep(...asked)).out[0]!, /^0 runs computed in [\d.]+ s, 2 were there/);
});

test("what cannot be swept is refused before anything is computed", async () => {
  const store = ownStore();
  assert.deepEqual((await sweep("--on", "moon")).err, [
    'unknown place to sweep on: "moon"; known: here, ray',
  ]);
  assert.deepEqual((await sweep("--address", "127.0.0.1:1")).err, ["--address goes with --on ray"]);
  assert.match(
    (await sweep("--only", "alchemy")).err[0]!,
    /^unknown experiment: "alchemy"; known: dataset-statistics, /,
  );
  assert.deepEqual(readdirSync(store), []);
});
