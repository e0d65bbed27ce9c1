/** `agentbank runs` on a store written by hand, with presets of the test's own. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { parse, stringify } from "yaml";
import { main } from "../../lib/cli";
import { loadPreset } from "../../lib/experiments/preset";
import { usesOf } from "../../lib/experiments/uses";
import { runId } from "../../lib/runs/spec";
import { ROOT } from "../../lib/util/files";
import { annotation, evaluation, ownStore, put, training } from "../runs/by-hand";

beforeEach(() => void ownStore());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: [] as string[], err: [] as string[] };
  const { log, error } = console;
  console.log = (text: string) => void said.out.push(text);
  console.error = (text: string) => void said.err.push(text);
  try {
    const code = await main(["runs", ...args]);
    return { code, out: said.out.join("\n"), err: said.err.join("\n") };
  } finally {
    Object.assign(console, { log, error });
    process.exitCode = 0;
  }
}

/** The smoke preset with another learning rate, as a file. */
function withLearningRate(learningRate: number): string {
  const preset = parse(readFileSync(join(ROOT, "configs", "smoke.yaml"), "utf8"));
  preset.training.learningRate = learningRate;
  const path = join(mkdtempSync(join(tmpdir(), "preset-")), "mine.yaml");
  writeFileSync(path, stringify({ ...preset, name: "mine" }));
  return path;
}

/** Everything that the smoke preset asks for, done. */
function everything(): void {
  for (const { spec } of usesOf(loadPreset("smoke")).values()) put(spec);
}

test("explain EXPERIMENT: after one setting changed it names what would be computed, why, and what is read", async () => {
  everything();
  const asked = ["explain", "generalist-ratio", "--preset"];
  const before = await run(...asked, "smoke");
  assert.match(before.out, /^generalist-ratio at preset smoke: 0 runs to compute, \d+ to read\n/);

  const { out, code } = await run(...asked, withLearningRate(0.002));
  assert.equal(code, 0);
  const uses = [...usesOf(loadPreset("smoke"), ["generalist-ratio"]).values()].map(({ spec }) => spec);
  const trainings = uses.filter(({ kind }) => kind === "train").length;
  const untouched = uses.filter(
    (s) =>
      s.kind === "annotate" || s.kind === "scratch" || (s.kind === "evaluate" && s.model.kind !== "train"),
  );
  const [compute, read] = [uses.length - untouched.length, untouched.length];
  assert.match(
    out,
    new RegExp(`^generalist-ratio at preset mine: ${compute} runs to compute, ${read} to read\n`),
  );
  assert.match(out, /^to compute: \d+ train, for .*settings\.learningRate 0\.004 → 0\.002/m);
  assert.match(out, /^to compute: \d+ evaluate, for .*model\.settings\.learningRate 0\.004 → 0\.002/m);
  const [computed = "", reused = ""] = out.split("\nto read:");
  assert.equal(computed.match(/^ {2}train-/gm)?.length, trainings);
  for (const spec of untouched) assert.ok(reused.includes(runId(spec)), runId(spec));
  assert.ok(!/train-/.test(reused.replace(/nearest.*/g, "")));
});

test("explain RUN: what it is, its state, what uses it, what it depends on and what determines it", async () => {
  everything();
  const [spec] = [...usesOf(loadPreset("smoke")).values()]
    .map((use) => use.spec)
    .filter(({ kind }) => kind === "train");
  const id = runId(spec!);
  const { out } = await run("explain", id.split("-")[1]!.slice(0, 8), "--preset", "smoke");
  assert.match(out, new RegExp(`^${id}: base tuned on `));
  assert.match(out, /^status: done$/m);
  assert.match(out, /^used by, at preset smoke: [a-z-]+/m);
  assert.match(out, new RegExp(`^${id} {2}done .*\n[├└]─ annotate-`, "m"));
  assert.match(out, /^ {2}agent\[\d\]\.from +"annotate-[0-9a-f]{12}"$/m, "a run in it stands with its name");
  assert.match(out, /^ {2}settings\.learningRate +0\.004$/m);
  const unknown = await run("explain", "train-zzz", "--preset", "smoke");
  assert.deepEqual(
    [unknown.code, unknown.err],
    [2, 'unknown run: "train-zzz"; to see those that there are: agentbank runs list'],
  );
});

test("list: of the store, and of a preset with what is still to compute", async () => {
  put(annotation("gsm8k"));
  put(training(["gsm8k"]), "failed");
  const all = await run("list");
  assert.match(all.out, /reformat of 10 gsm8k train instances, simulated teacher *\| done /);
  assert.match(all.out, /\| failed *\| Error: no luck/);
  assert.match(all.out, /\n2 runs: 1 done, 1 failed; 0\.0 MB$/);
  const trains = JSON.parse((await run("list", "--kind", "train", "--json")).out);
  assert.deepEqual(
    trains.map((r: { run: string }) => r.run),
    [runId(training(["gsm8k"]))],
  );
  assert.equal(trains[0].spec.settings.learningRate, 0.004);
  const planned = JSON.parse((await run("list", "--preset", "smoke", "--json")).out);
  assert.equal(planned.length, usesOf(loadPreset("smoke")).size);
  assert.ok(
    planned.every(
      (r: { status: string; experiments: string[] }) => r.status === "to compute" && r.experiments.length > 0,
    ),
  );
  assert.match(
    (await run("list", "--kind", "party")).err,
    /unknown kind of run: "party"; known: annotate, scratch, train, explore, prefer, evaluate, judge/,
  );
});

test("compare: the fields that differ and the results side by side", async () => {
  const log = (...rewards: number[]) =>
    rewards.map((reward, i) => `${JSON.stringify({ task: "gsm8k", instance: `${i}`, reward })}\n`).join("");
  const summary = (mean: number) =>
    JSON.stringify({
      metric: "exact match",
      instances: 4,
      meanSteps: 2,
      endings: { submitted: 4 },
      score: { mean, low: mean - 10, high: mean + 10, level: 0.95 },
      usage: { completionTokens: 7 },
    });
  const specs = [0.004, 0.002].map((learningRate) =>
    evaluation(training(["gsm8k"], { learningRate }), "gsm8k"),
  );
  put(specs[0]!, "done", { "summary.json": summary(25), "episodes.jsonl": log(0, 0, 1, 0) });
  put(specs[1]!, "done", { "summary.json": summary(75), "episodes.jsonl": log(1, 1, 1, 0) });
  const { out } = await run("compare", runId(specs[0]!), runId(specs[1]!));
  assert.match(out, /\| model\.settings\.learningRate \| 0\.004 \| 0\.002 \|/);
  assert.match(out, /exact match, points *\| *25\.0 \[15\.0, 35\.0\] \| 75\.0 \[65\.0, 85\.0\]/);
  assert.match(out, /^b − a, paired by instance: 50\.0 points \[0\.0, 100\.0\], 95 % bootstrap interval$/m);
});

test("clean lists what it would delete, and deletes it when told to; what presets use stays", async () => {
  everything();
  const failed = put(training(["gsm8k"]), "failed");
  const unused = put(annotation("alfworld"));
  const held = put(evaluation(training(["gsm8k"]), "gsm8k"), "held");
  const used = usesOf(loadPreset("smoke")).size;
  const count = async (...args: string[]) => JSON.parse((await run("list", "--json", ...args)).out).length;
  assert.equal(await count(), used + 3);

  assert.match((await run("clean")).out, /\n1 runs of 0\.0 MB would be deleted; --yes deletes them$/);
  const listed = await run("clean", "--preset", "smoke", "--dry-run");
  assert.match(listed.out, /\n2 runs of .* would be deleted/);
  assert.ok(existsSync(failed) && existsSync(unused));
  assert.match(
    (await run("clean", "--only", "unused")).err,
    /no preset: name those whose runs stay with --preset/,
  );
  assert.match(
    (await run("clean", "--only", "old")).err,
    /unknown reason to clean: "old"; known: failed, unfinished, unused/,
  );

  assert.match((await run("clean", "--preset", "smoke", "--yes")).out, /2 runs deleted/);
  assert.ok(!existsSync(failed) && !existsSync(unused) && existsSync(held));
  assert.equal(await count(), used + 1);
});
