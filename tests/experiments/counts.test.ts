/** Counts by task, and bases that are not here: what a preset of the paper's size asks for. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { countOf } from "../../lib/experiments/counts";
import { loadPreset, type Overrides } from "../../lib/experiments/preset";
import {
  bank,
  base,
  evaluation,
  instructed,
  testCount,
  trainCount,
  tuned,
} from "../../lib/experiments/recipes";
import { ensure } from "../../lib/runs/ensure";
import { runId } from "../../lib/runs/spec";
import { tasks } from "../../lib/tasks/registry";
import { InputError } from "../../lib/util/errors";

before(() => {
  process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
});

test("one number is every task's; a map has each task's own; published is the papers' tables", () => {
  assert.equal(countOf(60, "gsm8k", "table-3", "test"), 60);
  assert.equal(countOf({ gsm8k: 7 }, "gsm8k", "table-3", "test"), 7);
  assert.equal(countOf("published", "mind2web", "table-3", "test"), 1173);
  assert.equal(countOf("published", "mind2web", "table-2", "train"), 7770);
  assert.throws(
    () => countOf({ gsm8k: 7 }, "svamp", "table-3", "data.test"),
    /^InputError: data.test: no count of svamp$/,
  );
  assert.throws(
    () => countOf("published", "svamp", "table-2", "data.train"),
    /data.train: published, but Table 2 has no SVAMP/,
  );
});

test("what the registry says of the test sets is what Table 3 prints", () => {
  for (const { name, evaluation: part } of tasks)
    if (part) assert.equal(countOf("published", name, "table-3", "test"), part.instances, name);
});

test("a preset counts by task, and its bank takes so many trajectories at most", () => {
  const data = {
    train: { gsm8k: 9, webshop: 5 },
    test: "published",
    bank: "published",
    tasks: ["gsm8k", "webshop"],
  };
  const preset = loadPreset("smoke", { data });
  assert.deepEqual([trainCount(preset, "webshop"), testCount(preset, "webshop")], [5, 200]);
  assert.deepEqual(
    bank(preset).map(({ count, most, from }) => [from.instances.count, count, most]),
    [
      [9, null, 7471],
      [5, null, 5315],
    ],
  );
  assert.throws(
    () => loadPreset("smoke", { data: { test: { gsm9k: 1 } } }),
    /data\.test.*unknown task: "gsm9k"/,
  );
});

test("a base that is not here can be planned with, and is named before anything is computed", async () => {
  const bases = ["absent", "absent too"].map((name) => ({ name, folder: `data/models/${name}` }));
  const preset = loadPreset("smoke", { bases });
  assert.equal(base(preset).sha256, null);
  const model = tuned(preset, { agent: bank(preset), seed: 0 });
  const runs = [evaluation(preset, model, "gsm8k"), evaluation(preset, base(preset, "absent too"), "gsm8k")];
  await assert.rejects(ensure(runs), (error: InputError) => {
    assert.ok(error instanceof InputError);
    assert.deepEqual(
      error.faults.map((fault) => fault.split(";")[0]),
      [
        'base model "absent": no weights in data/models/absent',
        'base model "absent too": no weights in data/models/absent too',
      ],
    );
    return true;
  });
});

test("where a training is computed is not part of its name; what it is of, is", () => {
  const model = (overrides: Overrides) => {
    const preset = loadPreset("smoke", overrides);
    return evaluation(preset, tuned(preset, { agent: bank(preset), seed: 0 }), "gsm8k");
  };
  const plain = model({});
  const launched = model({ launch: "4xA100" });
  assert.ok(launched.model.kind === "train" && launched.model.launch === "4xA100");
  assert.equal(runId(launched), runId(plain));
  assert.notEqual(runId(model({ training: { learningRate: 1 } })), runId(plain));
  assert.throws(() => loadPreset("smoke", { launch: "many" }), /launch: unknown launch: "many"/);
});

test("a base that was tuned on conversations already stands where one would be trained", () => {
  assert.equal(instructed(loadPreset("smoke"), "general").kind, "train");
  const bases = [
    { name: "base", folder: "data/base" },
    { name: "vicuna", folder: "data/models/vicuna" },
  ];
  const preset = loadPreset("smoke", { bases, instructed: { general: "vicuna" } });
  assert.deepEqual(instructed(preset, "general"), base(preset, "vicuna"));
  assert.equal(instructed(preset, "code").kind, "train");
});
