/** Forecasts against numbers worked out by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Assumptions, assumptionsSchema } from "../../lib/runs/forecast/assumptions";
import { episodeOf, promptedIn, tokensOf } from "../../lib/runs/forecast/episode";
import { forecastRun, type Grounds } from "../../lib/runs/forecast/forecast";
import { ratesOf } from "../../lib/runs/forecast/measured";
import { annotationUse, rowsOf, yieldOf } from "../../lib/runs/forecast/teacher";
import { readStore } from "../../lib/runs/inventory";
import type { EvaluateSpec } from "../../lib/runs/spec";
import { parseHardware } from "../../lib/training/hardware";
import { modelConfig } from "../../lib/training/known-models";
import { annotation, base, evaluation, ownStore, put, training } from "./by-hand";

const given: Assumptions = assumptionsSchema.parse({
  hardware: "4xA100-80GB",
  mfu: 0.5,
  decoding: { tokensPerSecond: 100, parameters: 6.7e9, source: "this test" },
  price: { prompt: 1, completion: 10, date: "2024-01-01", source: "this test" },
  conversation: 1000,
  episode: { turns: 4, opening: 100, turn: 10, observation: 20, success: 0.5 },
  episodes: { svamp: { turns: 2 }, gsm8k: { success: 0.25 } },
  yield: { "answer-forcing": 0.5 },
});
const llama = modelConfig("llama-2-7b");
const grounds: Grounds = { assumptions: given, rates: new Map(), configOf: () => llama };
const teacher = { kind: "openai", model: "m" } as const;

test("turns are the task's own, else Table 2's, else every task's", () => {
  assert.equal(episodeOf(given, "svamp").turns, 2);
  assert.equal(episodeOf(given, "gsm8k").turns, 4.5);
  assert.equal(episodeOf(given, "bamboogle").turns, 4);
});

test("tokens of an episode read once, and sent anew for every turn", () => {
  const episode = { turns: 3, opening: 100, turn: 10, observation: 20, success: 1 };
  assert.equal(tokensOf(episode), 100 + 3 * 10 + 2 * 20);
  // The opening, then with one turn and observation behind it, then with two.
  assert.equal(promptedIn(episode), 100 + 130 + 160);
});

test("exploring costs a call a turn, tried again where it fails; answer forcing one call for each failure", () => {
  const spec = annotation("gsm8k", { teacher, strategies: ["explore", "answer-forcing"], attempts: 2 });
  const { turns, opening, turn } = episodeOf(given, "gsm8k");
  const explored = 10 * (1 + 0.75);
  const forced = 10 * 0.75 ** 2 * (1 + 0.5);
  const use = annotationUse(spec, given);
  assert.equal(use.calls, explored * turns + forced);
  assert.equal(use.completionTokens, (explored + forced) * turns * turn);
  assert.ok(use.promptTokens > explored * turns * opening);
  assert.equal(yieldOf(spec, given), 10 * (1 - 0.75 ** 2 * 0.5 ** 2));
  const { cost, api } = forecastRun(spec, grounds);
  assert.equal(cost, (api!.promptTokens * 1 + api!.completionTokens * 10) / 1e6);
});

test("the simulated teacher costs nothing, and a price that is not stated is not made up", () => {
  assert.deepEqual(
    (({ api, cost, gpuHours }) => ({ api, cost, gpuHours }))(forecastRun(annotation("gsm8k"), grounds)),
    { api: null, cost: null, gpuHours: null },
  );
  const { price: _, ...unpriced } = given;
  const forecast = forecastRun(annotation("gsm8k", { teacher }), { ...grounds, assumptions: unpriced });
  assert.equal(forecast.cost, null);
  assert.equal(forecast.api!.calls, 10);
});

test("rows of a slice: those that it names, or what the annotation yields, so many at most", () => {
  const from = annotation("gsm8k", { strategies: ["explore"] });
  assert.equal(rowsOf({ from, start: 3, count: 5 }, given), 5);
  assert.equal(rowsOf({ from, start: 0, count: null }, given), 2.5);
  assert.equal(rowsOf({ from, start: 1, count: null }, given), 1.5);
  assert.equal(rowsOf({ from, start: 0, count: null, most: 2 }, given), 2);
});

test("a training: operations of its tokens over what the GPUs do in an hour", () => {
  const spec = training(["bamboogle"], {
    budget: { steps: 100 },
    batch: { rows: 10 },
    precision: "bfloat16",
    microTokens: 2048,
    recompute: true,
  });
  const { amounts, gpuHours, fault } = forecastRun(spec, grounds);
  const row = 100 + 4 * 10 + 3 * 20;
  assert.deepEqual(amounts, { steps: 100, tokens: 100 * 10 * row });
  // 6 operations a weight of every product, embeddings apart, and 12·L·D·T of attention (training/plan.ts).
  const weights = 6738415616 - 32000 * 4096;
  const flops = (6 * weights + 12 * 32 * 4096 * row) * amounts["tokens"]!;
  const expected = flops / (parseHardware("1xA100-80GB").peak.bfloat16 * 0.5) / 3600;
  assert.ok(Math.abs(gpuHours! / expected - 1) < 1e-9, `${gpuHours} ≠ ${expected}`);
  assert.equal(fault, null);
  const tight = forecastRun(spec, { ...grounds, assumptions: { ...given, hardware: "1xL4-24GB" } });
  assert.match(tight.fault!, /^does not fit/);
});

test("epochs are of the rows that are expected, the others' shares beside them; a source without data counts as none", () => {
  const spec = {
    ...training(["bamboogle"], { budget: { epochs: 2 }, ratio: { agent: 0.5, general: 0.5, code: 0 } }),
  };
  const half = { ...spec, general: { kind: "general" as const, count: 5, seed: 0 } };
  assert.equal(forecastRun(spec, grounds).amounts["tokens"], 2 * 10 * 200);
  assert.equal(forecastRun(half, grounds).amounts["tokens"], 2 * (2 * 10 * 200));
});

test("playing: episodes × turns × tokens at the stated throughput, in proportion to the model's size", () => {
  const spec = evaluation(base, "svamp");
  const hours = (4 * 2 * 10) / 100 / 3600;
  const close = (a: number, b: number) => assert.ok(Math.abs(a / b - 1) < 0.01, `${a} ≠ ${b}`);
  close(forecastRun(spec, grounds).gpuHours!, hours);
  close(
    forecastRun(spec, { ...grounds, configOf: () => modelConfig("llama-2-13b") }).gpuHours!,
    hours * (13.0 / 6.7),
  );
  const thrice: EvaluateSpec = { ...spec, mechanism: { kind: "reflexion", trials: 3 } };
  close(forecastRun(thrice, grounds).gpuHours!, 3 * hours);
});

test("core-hours come from runs like it that this store timed, and from no others", () => {
  ownStore();
  const unknown = forecastRun(annotation("gsm8k"), {
    ...grounds,
    assumptions: null,
    rates: ratesOf(readStore()),
  });
  assert.equal(unknown.coreHours, null);
  // Two seconds each (by-hand.ts), for ten instances, and for four steps of 100 tokens.
  put(annotation("gsm8k"));
  put(annotation("webshop"), "failed");
  put(training(["gsm8k"], { batch: { tokens: 100 } }));
  const rates = ratesOf(readStore());
  const hours = (spec: Parameters<typeof forecastRun>[0]) =>
    forecastRun(spec, { ...grounds, assumptions: null, rates }).coreHours;
  const larger = annotation("gsm8k", { instances: { task: "gsm8k", split: "train", count: 30, seed: 5 } });
  assert.equal(hours(larger), 6 / 3600);
  assert.equal(hours(annotation("webshop")), null);
  assert.equal(hours(training(["webshop"], { budget: { tokens: 4000 } })), 20 / 3600);
  assert.equal(hours(training(["webshop"], { budget: { epochs: 1 } })), null);
});

test("assumptions that cannot be are refused", () => {
  const refused = (changes: object) =>
    assumptionsSchema.safeParse({ ...given, ...changes }).error?.issues[0]?.message;
  assert.match(refused({ hardware: "4xB52" })!, /unknown hardware: "4xB52"; known: /);
  assert.match(refused({ mfu: 1.2 })!, /<=1/);
  assert.ok(refused({ price: { prompt: 1, completion: 2 } }), "a price has its date and its source");
});
