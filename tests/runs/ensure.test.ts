import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { ensure, missing } from "../../lib/runs/ensure";
import { lockOwner } from "../../lib/runs/lock";
import { type AnnotateSpec, runId } from "../../lib/runs/spec";
import { isDone, runFolder } from "../../lib/runs/store";

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

/** An endpoint that answers thoughts once it is told to, and till then keeps everybody waiting. */
async function sleepyEndpoint(): Promise<{ server: Server; url: string; wake: () => void }> {
  let awake = false;
  const server = createServer((request, response) => {
    request.resume();
    if (!awake) return;
    const content = Array.from({ length: 12 }, (_, i) => `Thought ${i + 1}: so it goes`).join("\n");
    const body = { choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return { server, url, wake: () => (awake = true) };
}

test("a worker that is killed costs its run alone; asked again, the run is computed", async () => {
  const { server, url, wake } = await sleepyEndpoint();
  try {
    const hanging = spec(6, {
      teacher: { kind: "openai", model: `m-${process.pid}-${Date.now()}`, baseURL: url },
    });
    const lock = join(runFolder(hanging), "lock");
    const killer = setInterval(() => {
      const owner = lockOwner(lock);
      if (owner) process.kill(owner.pid, "SIGKILL");
    }, 100);
    await assert
      .rejects(ensure([hanging], { workers: 1 }), /ended early \(SIGKILL\)/)
      .finally(() => clearInterval(killer));
    assert.ok(!isDone(hanging));
    wake();
    await ensure([hanging]);
    assert.ok(isDone(hanging));
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
