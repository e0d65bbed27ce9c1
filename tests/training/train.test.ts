import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadModel } from "../../lib/model/checkpoint";
import { disposeModel } from "../../lib/model/llama";
import { train } from "../../lib/training/train";
import { InputError } from "../../lib/util/errors";
import { writeJsonl } from "../../lib/util/jsonl";
import { agent, conversations, trajectory, user, writeTinyModel } from "./fixtures";

const folder = mkdtempSync(join(tmpdir(), "agentbank-train-"));
const base = join(folder, "base");
const data = { agent: join(folder, "agent.jsonl"), general: join(folder, "general.jsonl") };
const settings = {
  model: base,
  data,
  ratio: { agent: 0.7, general: 0.3, code: 0 },
  batch: { rows: 6 },
  microTokens: 64,
  budget: { steps: 24 },
  learningRate: 0.01,
  betas: [0.9, 0.98] as [number, number],
  threads: 1,
  checkpointEvery: 5,
};

test.before(() => {
  writeJsonl(data.agent, conversations(20, 1));
  writeJsonl(data.general, conversations(30, 2));
});

const text = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");

test("training lowers the loss, leaves a checkpoint, and is the same to the byte when done again", async () => {
  const { loadBackend } = await import("../../lib/model/backend.js");
  await loadBackend({ threads: 1 });
  writeTinyModel(base);
  const summary = await train({ ...settings, out: join(folder, "a") });
  assert.equal(summary.steps, 24);
  assert.deepEqual(summary.rows["agent"], { ...summary.rows["agent"], rows: 20, cut: 0 });
  const losses = text("a", "metrics.jsonl")
    .trim()
    .split("\n")
    .map((l) => JSON.parse(l).loss as number);
  assert.equal(losses.length, 24);
  assert.ok(summary.finalLoss < losses[0]! - 2, `${losses[0]} → ${summary.finalLoss}`);
  disposeModel(loadModel(join(folder, "a")));
  assert.equal(existsSync(join(folder, "a", "checkpoints")), false);

  await train({ ...settings, out: join(folder, "b") });
  assert.equal(text("b", "metrics.jsonl"), text("a", "metrics.jsonl"));
  const weights = (run: string) => readFileSync(join(folder, run, "model.safetensors"));
  assert.ok(weights("a").equals(weights("b")));
});

test("killed at any moment and run again, a training ends with the same bytes", async () => {
  const out = join(folder, "killed");
  const program = `
    const { train } = require(${JSON.stringify(join(__dirname, "../../lib/training/train"))});
    const settings = ${JSON.stringify({ ...settings, out })};
    train({ ...settings, onStep: ({ step }) => {
      if (step === Number(process.argv[1])) process.kill(process.pid, "SIGKILL");
    }}).then(() => console.log("done"));`;
  const run = (killAt: number) =>
    spawnSync(process.execPath, ["--require", "ts-node/register", "-e", program, String(killAt)], {
      cwd: join(__dirname, "../.."),
      encoding: "utf8",
    });
  for (const killAt of [3, 8, 15]) assert.equal(run(killAt).signal, "SIGKILL");
  const last = run(0);
  assert.match(last.stdout, /done/, last.stderr);
  assert.equal(text("killed", "metrics.jsonl"), text("a", "metrics.jsonl"));
  const weights = (run: string) => readFileSync(join(folder, run, "model.safetensors"));
  assert.ok(weights("a").equals(weights("killed")));
});

test("accumulating micro-batches changes nothing but the rounding", async () => {
  await train({
    ...settings,
    microTokens: 100_000,
    budget: { steps: 4 },
    schedule: "constant",
    out: join(folder, "whole"),
  });
  await train({
    ...settings,
    microTokens: 1,
    budget: { steps: 4 },
    schedule: "constant",
    out: join(folder, "single"),
  });
  const rows = (run: string) =>
    text(run, "metrics.jsonl")
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l));
  rows("whole").forEach((whole, i) => {
    const single = rows("single")[i];
    assert.ok(Math.abs(whole.loss - single.loss) < 1e-4, `step ${i + 1}: ${whole.loss} and ${single.loss}`);
    assert.ok(Math.abs(whole.gradNorm - single.gradNorm) < 1e-3 * whole.gradNorm);
    assert.equal(whole.trained, single.trained);
  });
});

test("a row is never longer than the model can read, whatever the settings say", async () => {
  const turns = Array.from({ length: 60 }, () => [user("go milk"), agent("red")]).flat();
  const summary = await train({
    ...settings,
    data: { agent: [trajectory("long", turns)] },
    budget: { steps: 1 },
    out: join(folder, "long"),
  });
  const { cut, tokens } = summary.rows["agent"]!;
  assert.equal(cut, 1);
  assert.ok(tokens > 100 && tokens <= 128, `${tokens} of the model's 128`);
});

test("a loss that is not a number stops the run and names step and rows", async () => {
  await assert.rejects(
    train({ ...settings, learningRate: 1e30, clip: 1e30, warmup: 0, out: join(folder, "nan") }),
    /^Error: step \d+: loss .*; rows: row-/,
  );
});

test("every faulty setting and every faulty row is told at once; another training's checkpoint is not gone on from", async () => {
  await assert.rejects(
    train({ ...settings, learningRate: -1, clip: 0, warmup: 2, out: join(folder, "faulty") }),
    (error) => error instanceof InputError && error.faults.length === 3,
  );
  const mute = [
    trajectory("x", [user("go"), agent("red", false)]),
    trajectory("y", [user("go"), agent("red", false)]),
  ];
  await assert.rejects(
    train({ ...settings, data: { agent: mute }, out: join(folder, "faulty") }),
    (error) => error instanceof InputError && error.faults.length === 2,
  );
  assert.equal(existsSync(join(folder, "faulty")), false);

  const out = join(folder, "mine");
  await assert.rejects(
    train({
      ...settings,
      out,
      onStep: ({ step }) => {
        if (step === 7) throw new Error("enough");
      },
    }),
    /enough/,
  );
  await assert.rejects(train({ ...settings, seed: 9, out }), /holds checkpoints of another training/);
});

test("labels of template train what the chat template marks, and say where it marks nothing", async () => {
  const marked = join(folder, "marked");
  const unmarked = join(folder, "unmarked");
  for (const [to, change] of [
    // The end of the turn left out of the marks: one token less of each turn.
    [
      marked,
      (template: string) => template.replace("<|end|>{% endgeneration %}", "{% endgeneration %}<|end|>"),
    ],
    [unmarked, (template: string) => template.replace(/\{% (end)?generation %\}/g, "")],
  ] as const) {
    writeTinyModel(to);
    const path = join(to, "tokenizer_config.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...config, chat_template: change(config.chat_template) }));
  }
  const trained = async (labels: "turns" | "template", model: string, out: string) =>
    (await train({ ...settings, budget: { steps: 2 }, labels, model, out: join(folder, out) })).trained;
  const turns = await trained("turns", marked, "labels-turns");
  const template = await trained("template", marked, "labels-template");
  assert.ok(template < turns, `${template}, ${turns}`);
  await assert.rejects(trained("template", unmarked, "labels-none"), /no \{% generation %\} marks/);
});
