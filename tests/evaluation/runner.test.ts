import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { evaluate } from "../../lib/evaluation/runner";
import { type LanguageModel, noUsage } from "../../lib/llm/client";
import { retried } from "../../lib/llm/retried";
import { alfworld } from "../../lib/tasks/alfworld";
import { printReact } from "../../lib/trajectory/react";
import { InputError } from "../../lib/util/errors";

const instances = alfworld.generate({ split: "test", count: 12, seed: 4 });
const folders: string[] = [];
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), "evaluate-")));
  return folders.at(-1)!;
};
after(() => {
  for (const path of folders) rmSync(path, { recursive: true });
});
const read = (out: string, file: string) => readFileSync(join(out, file), "utf8");

/** Plays gold, except that every third instance mumbles and every third looks around for good. */
function player(options: { fail?: (calls: number) => boolean } = {}) {
  const state = { calls: 0, open: 0, most: 0, released: 0 };
  const model: LanguageModel = {
    name: "player",
    simulated: false,
    async complete({ session, messages }) {
      state.calls++;
      state.most = Math.max(state.most, ++state.open);
      // Later episodes answer sooner, so the order of their ends is not that of the instances.
      const number = instances.findIndex((i) => session === `alfworld/${i.id}`);
      await new Promise((resolve) => setTimeout(resolve, instances.length - number));
      state.open--;
      if (options.fail?.(state.calls)) throw new Error("the line is busy");
      const said = messages.filter((m) => m.role === "assistant").length;
      const step = alfworld.gold(instances[number]!)![said]!;
      const text =
        number % 3 === 1
          ? "hm"
          : printReact(number % 3 === 2 ? { thought: "I look.", action: "look" } : step);
      return { text, finish: "stop", usage: { ...noUsage, calls: 1 } };
    },
    release: () => void state.released++,
  };
  return { model, state };
}

test("every episode is played at once, logged whole and in the instances' order", async () => {
  const out = folder();
  const { model, state } = player();
  const ticks: number[] = [];
  const options = { task: alfworld, instances, model, shots: 0 as const, out };
  const { episodes, summary } = await evaluate({ ...options, onProgress: (done) => void ticks.push(done) });

  assert.equal(state.most, 12);
  assert.equal(state.released, 12);
  assert.deepEqual(
    ticks,
    Array.from({ length: 12 }, (_, i) => i + 1),
  );
  assert.deepEqual(
    episodes.map((e) => e.instance),
    instances.map((i) => i.id),
  );
  assert.deepEqual(summary.endings, {
    submitted: 4,
    "step limit": 4,
    "format error": 4,
    "context limit": 0,
    "environment error": 0,
  });
  assert.equal(summary.score.mean.toFixed(4), "33.3333");
  assert.equal(summary.usage.calls, state.calls);
  assert.deepEqual(
    read(out, "episodes.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
    JSON.parse(JSON.stringify(episodes)),
  );
  assert.deepEqual(readdirSync(out).sort(), ["episodes.jsonl", "summary.json", "timings.jsonl"]);
  assert.equal(read(out, "timings.jsonl").trim().split("\n").length, 12);
});

test("a killed evaluation goes on where it was and ends with the same bytes", async () => {
  const [whole, killed] = [folder(), folder()];
  const options = { task: alfworld, instances, shots: 1 as const };
  await evaluate({ ...options, model: player().model, out: whole });
  await evaluate({ ...options, model: player().model, out: killed, instances: instances.slice(0, 5) });

  // As a kill leaves it: some episodes logged, the last line cut short.
  const lines = read(killed, "episodes.jsonl").trim().split("\n");
  rmSync(join(killed, "episodes.jsonl"));
  writeFileSync(join(killed, "playing.jsonl"), `${lines.slice(2).join("\n")}\n`);
  appendFileSync(join(killed, "playing.jsonl"), lines[0]!.slice(0, 90));
  const { model, state } = player();
  const { episodes } = await evaluate({ ...options, model, out: killed });
  assert.equal(state.released, 9);
  for (const file of ["episodes.jsonl", "summary.json"]) assert.equal(read(killed, file), read(whole, file));

  const again = player();
  assert.deepEqual((await evaluate({ ...options, model: again.model, out: killed })).episodes, episodes);
  assert.equal(again.state.calls, 0);
});

test("failed calls are asked again; a model that stays down ends the run but not its log", async () => {
  const flaky = player({ fail: (calls) => calls % 40 === 0 });
  const { summary } = await evaluate({
    task: alfworld,
    instances,
    model: retried(flaky.model, 3, 1),
    shots: 0,
  });
  assert.equal(summary.endings.submitted, 4);

  const out = folder();
  const down = player({ fail: (calls) => calls > 60 });
  const options = { task: alfworld, instances, shots: 0 as const, out };
  await assert.rejects(evaluate({ ...options, model: down.model, tries: 1, concurrency: 2 }), /line is busy/);
  const kept = read(out, "playing.jsonl").trim().split("\n").length;
  assert.ok(kept > 0 && kept < 12, String(kept));
  const { model, state } = player();
  await evaluate({ ...options, model });
  assert.equal(state.released, 12 - kept);
});

test("what asking again cannot mend is not asked again", async () => {
  for (const error of [new InputError("missing key"), new TypeError("a bug")]) {
    let calls = 0;
    const model: LanguageModel = {
      name: "broken",
      simulated: false,
      complete: () => Promise.reject(++calls && error),
    };
    await assert.rejects(retried(model, 3, 1).complete({ messages: [] }), error);
    assert.equal(calls, 1);
  }
});

test("no instances is an error, not a score", async () => {
  const { model } = player();
  await assert.rejects(evaluate({ task: alfworld, instances: [], model, shots: 0 }), /no instances/);
});
