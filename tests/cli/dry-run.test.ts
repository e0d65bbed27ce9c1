/** `reproduce --dry-run` on every preset of the kit: it needs no weights, no key and no run. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { before, test } from "node:test";
import { main } from "../../lib/cli";
import { dryRun } from "../../lib/experiments/dry-run";
import { experiments } from "../../lib/experiments/index";
import { loadPreset, presetNames } from "../../lib/experiments/preset";
import { usesOf } from "../../lib/experiments/uses";
import { ownStore, put } from "../runs/by-hand";

let store: string;
before(() => {
  store = ownStore();
});

async function printed(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: [] as string[], err: [] as string[] };
  const { log, error } = console;
  console.log = (text: string) => void said.out.push(text);
  console.error = (text: string) => void said.err.push(text);
  try {
    const code = await main(["reproduce", "--dry-run", ...args]);
    return { code, out: said.out.join("\n"), err: said.err.join("\n") };
  } finally {
    Object.assign(console, { log, error });
    process.exitCode = 0;
  }
}

for (const name of presetNames())
  test(`${name} loads, and every run that it asks for can be planned`, () => {
    const plan = dryRun(loadPreset(name));
    assert.deepEqual(
      plan.experiments.map((e) => e.experiment),
      experiments.map((e) => e.name),
    );
    const started = plan.experiments.flatMap(({ start }) => start.map(({ id }) => id));
    assert.equal(new Set(started).size, started.length, "a shared run is started once");
    assert.equal(plan.total.runs, started.length);
    assert.equal(started.length, usesOf(loadPreset(name)).size);
    assert.deepEqual(readdirSync(store), [], "nothing is computed");
  });

test("paper: the training of Table 4's 7B model, its hours and the teacher's cost", () => {
  const plan = dryRun(loadPreset("paper"), ["dataset-statistics", "main-results"]);
  const runs = plan.experiments.flatMap(({ start }) => start);
  const bank = runs.filter(({ kind }) => kind === "annotate").slice(0, 16);
  assert.ok(bank.every(({ api, cost }) => api!.calls > 0 && cost! > 0));
  const tuned = runs.filter(
    ({ what }) =>
      what === "llama-2-7b-chat tuned on 16 tasks 80 % + general 10 % + code 10 % for 3 epochs, seed 0",
  );
  assert.equal(tuned.length, 1);
  // Three epochs of at most 52,370 trajectories, and a quarter as many conversations, 128 a step.
  const most = (3 * 52370) / 0.8 / 128;
  const { amounts, gpuHours, fault } = tuned[0]!;
  assert.ok(amounts["steps"]! < most && amounts["steps"]! > most / 2, `${amounts["steps"]} of ${most}`);
  assert.ok(gpuHours! > 1 && gpuHours! < 1000);
  assert.equal(fault, null, "it fits four A100s of 80 GB");
  assert.ok(
    runs.some(
      ({ what, amounts }) =>
        /^vicuna-7b plays 1173 mind2web test instances$/.test(what) && amounts["episodes"] === 1173,
    ),
  );
  assert.equal(plan.total.unknown, 0);
  assert.ok(plan.total.cost! > 0 && plan.kinds["evaluate"]!.gpuHours! > 0);
});

test("it prints every run under the experiment that starts it, the totals and what was assumed; JSON holds the same", async () => {
  const only = ["--preset", "paper", "--only", "dataset-statistics", "difficulty-bias"];
  const { out } = await printed(...only);
  assert.match(out, /^dataset-statistics: 16 runs to start$/m);
  assert.match(
    out,
    /^ {2}annotate-[0-9a-f]{12} {2}explore of 17800 hotpotqa train instances, gpt-3\.5-turbo {2}\(18 k instances; .* calls, .* tokens; \$[\d.]+\)$/m,
  );
  assert.match(out, /^assumed: 4xA100-80GB at 40 % of its peak/m);
  assert.match(out, /million prompt and completion tokens \(.*, \d{4}-\d\d-\d\d\)/);
  const {
    preset,
    experiments: plans,
    total,
    assumptions,
  } = JSON.parse((await printed(...only, "--json")).out);
  assert.equal(preset, "paper");
  assert.equal(plans[0].start.length, 16);
  assert.equal(out.match(/^ {2}[a-z]+-[0-9a-f]{12} /gm)!.length, total.runs);
  assert.equal(assumptions.hardware, "4xA100-80GB");
});

test("what is there is not started again, and what was timed tells the hours of what is like it", async () => {
  const smoke = loadPreset("smoke");
  const [first] = [...usesOf(smoke, ["dataset-statistics"]).values()];
  put(first!.spec);
  const before = dryRun(smoke, ["dataset-statistics"]).experiments[0]!;
  assert.deepEqual([before.start.length, before.there], [4, 1]);
  const { out } = await printed("--preset", "smoke", "--only", "dataset-statistics");
  assert.match(out, /^dataset-statistics: 4 runs to start, 1 there$/m);
  assert.match(out, /core-hours are those of like runs that this store timed/);
});

test("--json without --dry-run, and an experiment that is none, are refused", async () => {
  const { error } = console;
  const said: string[] = [];
  console.error = (text: string) => void said.push(text);
  try {
    assert.equal(await main(["reproduce", "--json"]), 2);
  } finally {
    console.error = error;
    process.exitCode = 0;
  }
  assert.deepEqual(said, ["--json goes with --dry-run"]);
  assert.match((await printed("--only", "alchemy")).err, /^unknown experiment: "alchemy"/);
});
