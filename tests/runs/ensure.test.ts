import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { ensure, missing } from "../../lib/runs/ensure";
import type { Pool } from "../../lib/runs/pool";
import { type AnnotateSpec, runId } from "../../lib/runs/spec";
import { isDone, runFolder } from "../../lib/runs/store";
import { killOwners } from "./kill-owners";
import { sleepyEndpoint } from "./sleepy-endpoint";

before(() => {
  process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
});

const spec = (seed: number, overrides: Partial<AnnotateSpec> = {}): AnnotateSpec => ({
  kind: "annotate",
  instances: { task: "gsm8k", split: "train", count: 5, seed },
  strategies: ["reformat"],
  rewardAbove: 0.999,
  attempts: 1,
  teacher: { kind: "simulated" },
  teacherShots: 1,
  shots: 0,
  seed: 0,
  ...overrides,
});

test("a run is named by what determines it, whatever the order of its fields", () => {
  const { kind, ...rest } = spec(1);
  assert.equal(runId({ ...rest, kind }), runId(spec(1)));
  assert.notEqual(runId(spec(1)), runId(spec(2)));
  assert.notEqual(runId(spec(1)), runId(spec(1, { shots: 1 })));
});

test("what is there is read: the second time nothing is computed", async () => {
  const specs = [spec(1), spec(2), spec(1)];
  assert.equal(missing(specs).size, 2);
  const statuses: number[] = [];
  await ensure(specs, { workers: 2, onProgress: ({ done }) => statuses.push(done) });
  assert.ok(specs.every(isDone));
  assert.equal(statuses.at(-1), 2);
  const before = readFileSync(join(runFolder(spec(1)), "done.json"), "utf8");
  await ensure(specs, { onProgress: () => assert.fail("nothing is left to do") });
  assert.equal(readFileSync(join(runFolder(spec(1)), "done.json"), "utf8"), before);
});

test("a run that fails is named with its reason, and the others are done all the same", async () => {
  const bad = spec(3, { strategies: ["gold"] });
  await assert.rejects(ensure([bad, spec(4)], { workers: 1 }), (error: Error) => {
    return error.message.includes(runId(bad)) && error.message.includes("unknown annotation strategy");
  });
  assert.ok(!isDone(bad));
  assert.ok(isDone(spec(4)));
});

test("what depends on a failed run is not begun, and is named", async () => {
  const bad = spec(5, { strategies: ["gold"] });
  const evaluation = {
    kind: "evaluate",
    model: { kind: "base", name: "none", folder: "none", sha256: "" },
    instances: { from: bad, start: 0, count: null },
    shots: 0,
    maxTokens: 8,
  } as const;
  await assert.rejects(ensure([evaluation]), new RegExp(`runs not begun for it: ${runId(evaluation)}`));
  assert.ok(!existsSync(runFolder(evaluation)));
});

test("a worker that is killed costs its run alone; asked again, the run is computed", async () => {
  const { teacher, wake, close } = await sleepyEndpoint();
  try {
    const hanging = spec(6, { teacher });
    const stop = killOwners(join(runFolder(hanging), "lock"), 1);
    await assert.rejects(ensure([hanging, spec(7)], { workers: 2 }), /ended early \(SIGKILL\)/).finally(stop);
    assert.ok(!isDone(hanging));
    assert.ok(isDone(spec(7)), "the others finish");
    wake();
    await ensure([hanging]);
    assert.ok(isDone(hanging));
  } finally {
    close();
  }
});

test("a run whose process died is tried again as often as it is asked for, and goes on", async () => {
  const { teacher, wake, close } = await sleepyEndpoint();
  const hanging = spec(8, { teacher });
  const stop = killOwners(join(runFolder(hanging), "lock"), 2, wake);
  try {
    await ensure([hanging], { workers: 1, retries: 2 });
    assert.equal(stop(), 2);
    assert.ok(isDone(hanging));
  } finally {
    stop();
    close();
  }
});

test("a pool that takes one run of a kind at a time is given no second one, and the others go past it", async () => {
  let busy = 0;
  const order: number[] = [];
  const pool: Pool = {
    size: 3,
    accepts: (s) => (s as AnnotateSpec).seed === 0 || busy === 0,
    async run(s) {
      const { seed } = s as AnnotateSpec;
      if (seed > 0) assert.equal(++busy, 1);
      order.push(seed);
      await new Promise((resolve) => setTimeout(resolve, seed > 0 ? 40 : 5));
      if (seed > 0) busy--;
      return { kind: "done" };
    },
    close: async () => void order.push(-1),
  };
  await ensure([spec(20, { seed: 1 }), spec(21, { seed: 2 }), spec(22), spec(23)], { pool });
  assert.deepEqual(order, [1, 0, 0, 2, -1]);
});
