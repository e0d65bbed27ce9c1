/** What is there, why something would be computed, and what can go, on stores written by hand. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import fc from "fast-check";
import { candidates, remove } from "../../lib/runs/clean";
import { describeRun } from "../../lib/runs/describe";
import { differences, printDifference } from "../../lib/runs/difference";
import { execute } from "../../lib/runs/execute";
import { explainRuns, groupByReason } from "../../lib/runs/explain";
import { findId } from "../../lib/runs/find";
import { readStore, readStored } from "../../lib/runs/inventory";
import { pairedGain, resultsOf } from "../../lib/runs/results";
import { type RunSpec, runId } from "../../lib/runs/spec";
import { isDone } from "../../lib/runs/store";
import { printTree } from "../../lib/runs/tree";
import { annotation, base, evaluation, ownStore, put, training } from "./by-hand";

let store: string;
beforeEach(() => {
  store = ownStore();
});
const tuned = (settings: object = {}) => training(["gsm8k", "webshop"], settings);
const told = (before: unknown, after: unknown) => differences(before, after).map(printDifference);

test("every run of the store is told with its state, its size and who computed it; other folders are no runs", () => {
  put(annotation("gsm8k"), "done", {
    "trajectories.jsonl": "x".repeat(1000),
    "deep/er.txt": "y".repeat(500),
  });
  put(annotation("webshop"), "failed");
  put(tuned(), "begun");
  put(evaluation(base, "gsm8k"), "held");
  mkdirSync(join(store, "quickstart-0123456789ab"));
  const runs = Object.fromEntries(readStore().map((run) => [describeRun(run.spec), run]));
  assert.deepEqual(
    Object.entries(runs)
      .map(([what, run]) => [what, run.status])
      .sort(),
    [
      ["base plays 4 gsm8k test instances", "running"],
      ["base tuned on gsm8k, webshop for 4 steps, seed 0", "unfinished"],
      ["reformat of 10 gsm8k train instances, simulated teacher", "done"],
      ["reformat of 10 webshop train instances, simulated teacher", "failed"],
    ],
  );
  const done = runs["reformat of 10 gsm8k train instances, simulated teacher"]!;
  assert.ok(done.bytes > 1500 && done.bytes < 4000);
  assert.equal(
    done.versions?.kit,
    JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")).version,
  );
  assert.deepEqual(done.timing, { version: 1, seconds: 2, resumed: false });
  assert.equal(runs["reformat of 10 webshop train instances, simulated teacher"]!.error, "Error: no luck");
});

test("a training in words: the mixture in shares, few tasks by name, many by number", () => {
  const many = training(["gsm8k", "webshop", "alfworld", "hotpotqa"], {
    ratio: { agent: 3, general: 1, code: 9 },
  });
  const mixed = { ...many, general: { kind: "general" as const, count: 5, seed: 0 } };
  assert.equal(describeRun(mixed), "base tuned on 4 tasks 75 % + general 25 % for 4 steps, seed 0");
  const again = { ...training(["gsm8k"]), base: mixed };
  assert.equal(describeRun(again), "base tuned tuned on gsm8k by reformat for 4 steps, seed 0");
});

test("what differs is named field by field, elements by their task, and once where several differ alike", () => {
  assert.deepEqual(told(tuned(), tuned({ learningRate: 0.002 })), ["settings.learningRate 0.004 → 0.002"]);
  assert.deepEqual(
    told(training(["gsm8k", "webshop"]), training(["webshop"])).length,
    14,
    "only what is of gsm8k",
  );
  const shots = (spec: ReturnType<typeof tuned>) => ({
    ...spec,
    agent: spec.agent.map((slice) => ({ ...slice, from: { ...slice.from, shots: 1 as const } })),
  });
  assert.deepEqual(told(tuned(), shots(tuned())), ["agent[*].from.shots 0 → 1"]);
  assert.deepEqual(told({ a: 1, b: [1] }, { a: 1, b: [1, 2], c: null }), [
    "b[1] absent → 2",
    "c absent → null",
  ]);
});

test("the differences of any two pieces of data are none just where they are equal", () => {
  const data = fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.oneof(
      fc.integer({ min: 0, max: 2 }),
      fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
      fc.constant({ d: 1 }),
    ),
  );
  const plain = (value: unknown) => JSON.stringify(Object.entries(value as object).sort());
  fc.assert(
    fc.property(data, data, (a, b) => {
      assert.equal(differences(a, b).length === 0, plain(a) === plain(b));
      const back = differences(b, a).map(({ path, a: x, b: y }) => ({ path, a: y, b: x }));
      assert.deepEqual(
        new Set(back.map((d) => JSON.stringify(d))),
        new Set(differences(a, b).map((d) => JSON.stringify(d))),
      );
    }),
  );
});

test("after a change of one setting: what it touches is computed and says so, the rest is read", () => {
  for (const task of ["gsm8k", "webshop"]) put(annotation(task));
  put(evaluation(base, "gsm8k"));
  for (const seed of [0, 1]) {
    put(tuned({ seed }));
    put(evaluation(tuned({ seed }), "gsm8k"));
  }
  const asked = (learningRate: number) => [
    evaluation(base, "gsm8k"),
    ...[0, 1].map((seed) => evaluation(tuned({ seed, learningRate }), "gsm8k")),
  ];
  assert.ok(explainRuns(asked(0.004), readStore()).every(({ fate }) => fate === "read"));

  const runs = explainRuns(asked(0.002), readStore());
  const groups = groupByReason(runs).map(({ kind, reasons, runs }) => [kind, reasons, runs.length]);
  assert.deepEqual(groups, [
    ["train", ["settings.learningRate 0.004 → 0.002"], 2],
    ["evaluate", ["model.settings.learningRate 0.004 → 0.002"], 2],
  ]);
  const read = runs.filter(({ fate }) => fate === "read").map(({ spec }) => spec.kind);
  assert.deepEqual(read.sort(), ["annotate", "annotate", "evaluate"]);
  const nearest = runs.filter(({ spec }) => spec.kind === "train").map(({ nearest }) => nearest);
  assert.deepEqual(
    nearest,
    [0, 1].map((seed) => runId(tuned({ seed }))),
    "of the same seed",
  );
});

test("a run that another version of the kit made is computed again, and says why", () => {
  const folder = put(tuned());
  renameSync(folder, join(store, "train-000000000000"));
  const [run] = explainRuns([tuned()], readStore()).filter(({ spec }) => spec.kind === "train");
  assert.equal(run!.fate, "compute");
  assert.match(run!.reasons[0]!, /^made by kit 0\.1\.0, whose code resulted in something else$/);
  assert.equal(run!.nearest, "train-000000000000");
  assert.equal(readStore().find(({ spec }) => spec.kind === "train")!.current, false);
});

test("nothing of its kind; begun, failed or being computed; not needed any more", () => {
  const reasons = () => explainRuns([tuned()], readStore()).map(({ fate, reasons }) => [fate, ...reasons]);
  assert.deepEqual(reasons()[0], ["compute", "no annotate run is there yet"]);
  put(annotation("gsm8k"), "begun");
  put(annotation("webshop"), "failed");
  put(tuned(), "held");
  assert.deepEqual(reasons(), [
    ["compute", "begun, not finished: it goes on"],
    ["compute", "failed the last time: Error: no luck"],
    ["compute", "being computed right now"],
  ]);
  put(tuned());
  assert.deepEqual(reasons(), [["not needed"], ["not needed"], ["read"]]);
});

test("the tree has each run once, under what needs it", () => {
  put(annotation("gsm8k"));
  const spec = evaluation({ ...tuned(), base: training(["gsm8k"]) }, "gsm8k");
  const status = (run: RunSpec) => (isDone(run) ? "done" : "missing");
  const names = printTree(spec, status)
    .split("\n")
    .map((line) => line.replace(/-[0-9a-f]{12}/, ""));
  assert.deepEqual(names, [
    "evaluate  missing  base tuned tuned on gsm8k, webshop for 4 steps, seed 0 plays 4 gsm8k test instances",
    "└─ train  missing  base tuned tuned on gsm8k, webshop for 4 steps, seed 0",
    "   ├─ annotate  done  reformat of 10 gsm8k train instances, simulated teacher",
    "   ├─ annotate  missing  reformat of 10 webshop train instances, simulated teacher",
    "   └─ train  missing  base tuned on gsm8k by reformat for 4 steps, seed 0",
    "      └─ annotate  done  (above)",
  ]);
});

test("a run is found by its name, or by the beginning of its hash where no other begins so", () => {
  const known = ["train-aab000000000", "train-aac000000000", "evaluate-0123456789ab"];
  assert.equal(findId("evaluate-01", known), known[2]);
  assert.equal(findId("aac", known), known[1]);
  assert.throws(() => findId("aa", known), /run "aa" could be any of train-aab000000000, train-aac000000000/);
  assert.throws(
    () => findId("b", known),
    /unknown run: "b"; to see those that there are: agentbank runs list/,
  );
});

const episodes = (...rewards: number[]) =>
  rewards.map((reward, i) => `${JSON.stringify({ task: "gsm8k", instance: `i${i}`, reward })}\n`).join("");

test("what runs came to: scores and losses with their intervals, and a paired gain on the same instances", async () => {
  const summary = { metric: "exact match", instances: 4, meanSteps: 2.5, endings: { submitted: 4 } };
  const score = (mean: number) => ({ mean, low: mean - 1, high: mean + 1, level: 0.95 });
  const evaluated = (spec: RunSpec, mean: number, log: string) =>
    readStored(
      put(spec, "done", {
        "summary.json": JSON.stringify({ ...summary, score: score(mean), usage: { completionTokens: 7 } }),
        "episodes.jsonl": log,
      }),
    )!;
  const before = evaluated(evaluation(base, "gsm8k"), 25, episodes(0, 0, 1, 0));
  const after = evaluated(evaluation(tuned(), "gsm8k"), 100, episodes(1, 1, 1, 1));
  assert.deepEqual((await resultsOf(before))["exact match, points"], { mean: 25, low: 24, high: 26 });
  const gain = (await pairedGain(before, after))!;
  assert.equal(gain.mean, 75);
  assert.ok(gain.low >= 0 && gain.low < 75 && gain.high === 100);
  const others = evaluated(evaluation(base, "webshop"), 0, episodes(0, 0));
  assert.equal(await pairedGain(before, others), null);

  const losses = Array.from(
    { length: 40 },
    (_, i) => `${JSON.stringify({ step: i + 1, loss: i < 36 ? 9 : i - 35 })}\n`,
  );
  const trained = put(tuned(), "done", {
    "train.json": JSON.stringify({ steps: 40, finalLoss: 2.5, tokens: 80, trained: 20, best: null }),
    "metrics.jsonl": losses.join(""),
  });
  const { "final loss": loss, steps } = await resultsOf(readStored(trained)!);
  assert.equal(steps, 40);
  assert.ok(
    loss &&
      typeof loss === "object" &&
      loss.mean === 2.5 &&
      loss.low >= 1 &&
      loss.high <= 4 &&
      loss.low < loss.high,
  );
  const annotated = put(annotation("gsm8k"), "done", {
    "summary.json": JSON.stringify({
      instances: 10,
      trajectories: 4,
      byStrategy: { reformat: 4 },
      usage: { calls: 9, cost: null },
    }),
  });
  const bank = await resultsOf(readStored(annotated)!);
  assert.equal(bank["trajectories"], 4);
  assert.equal((bank["yield, %"] as { mean: number }).mean, 40);
});

test("what can go: failed and unfinished runs, done ones only where presets that do not use them were named", () => {
  put(annotation("gsm8k"));
  put(annotation("webshop"), "failed");
  put(tuned(), "begun");
  put(evaluation(base, "gsm8k"), "held");
  const why = (...args: [Set<string> | null, ("failed" | "unfinished" | "unused")[]?]) =>
    candidates(readStore(), ...args)
      .map((c) => `${c.why} ${c.run.spec.kind}`)
      .sort();
  assert.deepEqual(why(null), ["failed annotate", "unfinished train"]);
  assert.deepEqual(why(new Set([runId(annotation("gsm8k"))])), ["failed annotate", "unfinished train"]);
  assert.deepEqual(why(new Set()), ["failed annotate", "unfinished train", "unused annotate"]);
  assert.deepEqual(why(new Set(), ["unused"]), ["unused annotate"]);
});

test("what somebody holds is not deleted, even where the lock came after the listing", async () => {
  const folder = put(tuned(), "begun");
  const [run] = readStore();
  put(tuned(), "held");
  assert.equal(await remove(run!), false);
  assert.ok(existsSync(folder));
  // A lock whose owner is gone holds nothing.
  writeFileSync(join(folder, "lock"), `${spawnSync(process.execPath, ["--version"]).pid} ${hostname()}`);
  assert.equal(await remove(run!), true);
  assert.ok(!existsSync(folder));
});

test("a run that is asked for while its folder is deleted is computed all the same", async () => {
  const spec = annotation("gsm8k", { instances: { task: "gsm8k", split: "train", count: 2, seed: 0 } });
  const folder = put(spec, "held");
  const computed = execute(spec);
  await new Promise((resolve) => setTimeout(resolve, 300));
  rmSync(folder, { recursive: true });
  await computed;
  assert.ok(isDone(spec));
});
