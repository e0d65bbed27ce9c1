import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { replay } from "../../lib/agent";
import { type AnnotateOptions, annotate } from "../../lib/annotate/annotate";
import { UNFILTERED } from "../../lib/annotate/plan";
import { simulatedTeacher } from "../../lib/annotate/teacher";
import { depthFirst } from "../../lib/envs/depth-first";
import type { SearchableEnvironment } from "../../lib/envs/environment";
import { openaiModel } from "../../lib/llm/openai";
import { serveModel } from "../../lib/llm/server";
import { getTask } from "../../lib/tasks/registry";
import { trajectorySchema } from "../../lib/trajectory/schema";
import { InputError } from "../../lib/util/errors";

const task = getTask("gsm8k");
const instances = task.generate({ split: "train", count: 60, seed: 3 });
const lessons = instances.map((instance) => ({ task, instance }));
const folder = () => mkdtempSync(join(tmpdir(), "annotate-"));

const options = (out: string, overrides: Partial<AnnotateOptions> = {}): AnnotateOptions => ({
  task,
  instances,
  teacher: simulatedTeacher(lessons),
  strategies: ["explore"],
  teacherShots: 1,
  shots: 0,
  rewardAbove: 0.999,
  attempts: 1,
  seed: 0,
  out,
  ...overrides,
});
const read = (out: string, name: string) =>
  readFileSync(join(out, name), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test("explore keeps what the teacher solves, and what it keeps is easier than what it was given", async () => {
  const out = folder();
  const summary = await annotate(options(out, { teacher: simulatedTeacher(lessons, { easy: 1, hard: 0 }) }));
  const kept = read(out, "trajectories.jsonl").map((t) => trajectorySchema.parse(t));
  assert.ok(summary.trajectories > 10 && summary.failures > 10, JSON.stringify(summary));
  assert.equal(summary.trajectories + summary.failures, instances.length);
  const mean = (values: (number | null)[]) => values.reduce<number>((a, b) => a + b!, 0) / values.length;
  assert.ok(mean(kept.map((t) => t.difficulty)) < mean(instances.map((i) => i.difficulty)) - 0.1);
  for (const trajectory of kept) {
    assert.equal(trajectory.reward, 1);
    assert.equal(trajectory.provenance.simulated, true);
    assert.ok(!trajectory.turns[0]!.content.includes("Here is an example"), "trained without the example");
  }
});

test("explore keeps every episode where nothing is filtered, those that no end came of too", async () => {
  const household = getTask("alfworld");
  const rooms = household.generate({ split: "train", count: 12, seed: 0 });
  const teacher = simulatedTeacher(
    rooms.map((instance) => ({ task: household, instance })),
    { easy: 0.5, hard: 0.5 },
  );
  const out = folder();
  const unfiltered = { task: household, instances: rooms, teacher, rewardAbove: UNFILTERED };
  assert.equal((await annotate(options(out, unfiltered))).trajectories, rooms.length);
  const rewards = new Set(read(out, "trajectories.jsonl").map((t) => trajectorySchema.parse(t).reward));
  assert.deepEqual(rewards, new Set([0, 1]));
  // Its flawed attempts end at the step limit: a filter that lets reward 0 pass does not keep them.
  const solved = read(out, "trajectories.jsonl").filter((t) => t.reward === 1).length;
  const lenient = await annotate(options(folder(), { ...unfiltered, rewardAbove: -0.5 }));
  assert.equal(lenient.trajectories, solved);
});

test("answer forcing mends what exploration failed, and every trajectory replays to full reward", async () => {
  const out = folder();
  const teacher = simulatedTeacher(lessons, { easy: 0.3, hard: 0.3, forced: 1 });
  const summary = await annotate(options(out, { teacher, strategies: ["explore", "answer-forcing"] }));
  assert.equal(summary.trajectories, instances.length);
  assert.ok(summary.byStrategy["answer-forcing"]! > 20, JSON.stringify(summary.byStrategy));
  for (const trajectory of read(out, "trajectories.jsonl").slice(0, 20)) {
    const instance = instances.find((i) => i.id === trajectory.instance)!;
    const steps = trajectory.turns.filter((t: { role: string }) => t.role === "assistant");
    assert.equal((await replay({ task, instance, steps, shots: 0 })).reward, 1);
  }
});

test("reformat annotates thoughts apart: gold actions, a thought for each, no instance lost", async () => {
  const out = folder();
  const summary = await annotate(options(out, { strategies: ["reformat"] }));
  assert.equal(summary.trajectories, instances.length);
  for (const trajectory of read(out, "trajectories.jsonl")) {
    const gold = (await task.gold(instances.find((i) => i.id === trajectory.instance)!))!;
    const steps = trajectory.turns.filter((t: { role: string }) => t.role === "assistant");
    assert.deepEqual(
      steps.map(({ thought, action }: { thought: string; action: string }) => ({ thought, action })),
      gold.map(({ thought, action }) => ({ thought, action })),
    );
  }
});

test("over HTTP the teacher annotates exactly as in the process", async () => {
  const server = await serveModel(simulatedTeacher(lessons));
  try {
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const strategies = ["explore", "answer-forcing"] as const;
    const [near, far] = [folder(), folder()];
    await annotate(options(near, { strategies }));
    await annotate(options(far, { strategies, teacher: openaiModel({ model: "teacher", baseURL }) }));
    const turns = (out: string) => read(out, "trajectories.jsonl").map((t) => t.turns);
    assert.deepEqual(turns(far), turns(near));
  } finally {
    server.close();
  }
});

test("a teacher that fails loses nothing: the work goes on where it stopped, to the same bytes", async () => {
  const [whole, broken] = [folder(), folder()];
  await annotate(options(whole));
  const good = simulatedTeacher(lessons);
  let calls = 0;
  const dies = {
    ...good,
    complete: (request: Parameters<typeof good.complete>[0]) =>
      ++calls > 80 ? Promise.reject(new Error("503")) : good.complete(request),
  };
  await assert.rejects(annotate(options(broken, { teacher: dies, concurrency: 4 })), /503/);
  const finished = read(broken, "outcomes.jsonl").length;
  assert.ok(finished > 5 && finished < instances.length);
  calls = -10_000;
  await annotate(options(broken, { teacher: dies }));
  for (const name of ["trajectories.jsonl", "failures.jsonl", "summary.json"])
    assert.equal(readFileSync(join(broken, name), "utf8"), readFileSync(join(whole, name), "utf8"), name);
});

test("usage counts every strategy that an instance went through", async () => {
  const teacher = simulatedTeacher(lessons, { easy: 0, hard: 0 });
  const few = instances.slice(0, 3);
  const alone = await annotate(options(folder(), { teacher, instances: few }));
  const reformatted = await annotate(options(folder(), { instances: few, strategies: ["reformat"] }));
  for (const strategies of [
    ["explore", "reformat"],
    ["explore", "search", "reformat"],
  ] as const) {
    const summary = await annotate(options(folder(), { teacher, instances: few, strategies }));
    assert.equal(summary.byStrategy["reformat"], 3);
    assert.equal(summary.usage.calls, alone.usage.calls + reformatted.usage.calls);
  }
});

test("a teacher that repeats the actions under its thoughts costs no instance", async () => {
  const good = simulatedTeacher(lessons);
  const talkative = {
    ...good,
    complete: async (request: Parameters<typeof good.complete>[0]) => {
      const reply = await good.complete(request);
      return { ...reply, text: reply.text.replace(/^(Thought (\d+):.*)$/gm, "$1\nAction $2: as given") };
    },
  };
  const summary = await annotate(options(folder(), { teacher: talkative, strategies: ["reformat"] }));
  assert.equal(summary.trajectories, instances.length);
});

test("an unfit strategy and an unknown conversation are input errors", async () => {
  await assert.rejects(annotate(options(folder(), { strategies: ["gold"] })), InputError);
  const messages = [{ role: "user", content: "What is the weather?" } as const];
  await assert.rejects(simulatedTeacher(lessons).complete({ messages }), InputError);
});

/** A walk on a line of cells, some of them walls; the goal is the last one. */
function corridor(length: number, position = 0, trace: number[] = []): SearchableEnvironment {
  return {
    reset: () => "",
    step(action) {
      position += action === "right" ? 1 : -1;
      trace.push(position);
      const done = position === length || position < 0;
      return { observation: "", done, reward: position === length ? 1 : 0 };
    },
    close() {},
    clone: () => corridor(length, position, [...trace]),
    actions: () => ["left", "right"],
    fingerprint: () => String(position),
  };
}

test("depth-first search finds the goal through dead ends, and gives up at the step limit", async () => {
  assert.deepEqual(await depthFirst(corridor(4), 0.5, 10), ["right", "right", "right", "right"]);
  assert.equal(await depthFirst(corridor(4), 0.5, 3), null);
});
