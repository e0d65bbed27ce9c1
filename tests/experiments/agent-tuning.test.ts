import assert from "node:assert/strict";
import { before, test } from "node:test";
import { abilityTests } from "../../lib/experiments/abilities";
import { agentTuning } from "../../lib/experiments/agent-tuning";
import { loadPreset } from "../../lib/experiments/preset";
import { light } from "../../lib/report/theme";
import type { AbilitySpec, EvaluateSpec } from "../../lib/runs/spec";
import { runId } from "../../lib/runs/spec";
import { fake, ownRuns, shown } from "./fake-runs";

before(ownRuns);
const preset = loadPreset("smoke", {
  experiments: { agentTuning: { trajectories: 8, rewards: [0, 0.5, 1] } },
});
const nearly = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} ≠ ${expected}`);

/** η of a model, null of the one that all start from, and the reward above which its trajectories are kept. */
function arm({ model }: EvaluateSpec | AbilitySpec) {
  if (model.kind !== "train" || model.base.kind !== "train") return { eta: null, above: null };
  return { eta: model.settings.ratio.agent, above: model.agent[0]?.from.rewardAbove ?? null };
}

test("scores by η and by filter; what is lost of general abilities is told from what is kept", async () => {
  const agent = (spec: EvaluateSpec) => {
    const { eta, above } = arm(spec);
    if (eta === null) return 0;
    return above === -1 ? 0.25 : above !== null && above < 0.9 ? 0.3 : 0.5 + eta / 4;
  };
  const general = (spec: AbilitySpec) => {
    const { eta } = arm(spec);
    const code = spec.of.test === "conversations" && spec.of.kind === "code";
    return eta === null ? 0.8 : code ? 0.8 - eta / 2 : 0.9 - eta / 2;
  };
  fake(agentTuning.runs(preset), agent, general);
  const { points, filters, verdicts } = await agentTuning.measure(preset);
  assert.deepEqual(
    points.map((p) => p.eta),
    [null, 0, 0.2, 1],
  );
  nearly(points[2]!.in.mean, 55);
  nearly(points[2]!.abilities["code conversations"]!.score.mean, 70);
  nearly(points[2]!.abilities["general conversations"]!.loss.mean, 0.2);
  assert.deepEqual(
    filters.map((f) => [f.reward, f.kept, f.of, Math.round(f.in.mean)]),
    [
      [0, 55, 200, 25],
      [0.5, 55, 200, 30],
      [1, 55, 200, 75],
    ],
  );
  nearly(filters[0]!.difficulty!, 0.35);
  const told = Object.fromEntries(verdicts.map((v) => [`${v.claim} (${v.part ?? ""})`, v.outcome]));
  assert.deepEqual(told, {
    "tuning lifts the base model on held-in and held-out agent tasks (held-in)": "shown",
    "tuning lifts the base model on held-in and held-out agent tasks (held-out)": "shown",
    // 55 at η = 0.2 and 75 at η = 1.
    "a mixture generalizes better than agent data alone ()": "not shown",
    "a higher eta improves agent performance but may reduce general abilities (agent performance)": "shown",
    "a higher eta improves agent performance but may reduce general abilities (general conversations)":
      "shown",
    "a higher eta improves agent performance but may reduce general abilities (code conversations)": "shown",
    "the filtered trajectories train better agents than the unfiltered (held-in)": "shown",
    "the filtered trajectories train better agents than the unfiltered (held-out)": "shown",
    "stricter filtering improves quality but reduces the size of the data (quality)": "shown",
    "stricter filtering improves quality but reduces the size of the data (size)": "shown",
    // No worse than before in general conversations, 10 points worse in code.
    "general abilities are kept at eta = 0.2 (general conversations)": "shown",
    "general abilities are kept at eta = 0.2 (code conversations)": "not shown",
    "the 70B model comes close to GPT-3.5-turbo on unseen agent tasks ()": "not testable",
  });
});

test("nothing is shown where all models are alike; what was not trained is not testable", async () => {
  fake(
    agentTuning.runs(preset),
    () => 0.5,
    () => 0.5,
  );
  const { verdicts } = await agentTuning.measure(preset);
  const alike = verdicts.filter((v) => v.outcome === "shown").map((v) => v.part);
  assert.deepEqual(alike, ["size", "general conversations", "code conversations"]);

  const few = loadPreset("smoke", {
    data: { heldOut: [] },
    experiments: { agentTuning: { trajectories: 8, etas: [0, 0.5], rewards: [0.5, 1] } },
  });
  fake(agentTuning.runs(few), () => 0.5);
  const outcomes = shown((await agentTuning.measure(few)).verdicts);
  assert.equal(outcomes.filter((o) => o === "not testable").length, 8);
});

test("the strictest filter at the filter's η is the model of that η: one run", () => {
  const ids = agentTuning.runs(preset).map(runId);
  const own = { ...preset.experiments.agentTuning, rewards: [0, 0.5] };
  const without = agentTuning
    .runs({ ...preset, experiments: { ...preset.experiments, agentTuning: own } })
    .map(runId);
  assert.deepEqual(new Set(ids), new Set(without));
});

test("MMLU is a test where the preset names its files, and conversations of a file come behind those trained on", () => {
  const abilities = { mmlu: { folder: "mmlu", shots: 5, perSubject: 10 } };
  const own = loadPreset("smoke", {
    data: { generalFile: "chats.json" },
    experiments: { agentTuning: { abilities } },
  });
  const [general, code, mmlu] = abilityTests(own);
  assert.deepEqual(general!.of, {
    test: "conversations",
    kind: "general",
    count: 6,
    seed: 0,
    file: "chats.json",
    after: 40,
    maxTokens: 48,
  });
  assert.equal(code!.of.test === "conversations" && code!.of.after, 0);
  assert.deepEqual(mmlu!.of, { test: "mmlu", folder: "mmlu", shots: 5, perSubject: 10 });
  assert.equal(abilityTests(preset).length, 2);
});

test("the figures draw every η, and the likelihood before tuning beside it", async () => {
  fake(
    agentTuning.runs(preset),
    () => 0.5,
    () => 0.5,
  );
  const figures = agentTuning.draw(await agentTuning.measure(preset), preset);
  assert.deepEqual(
    figures.map((f) => f.name),
    ["agent-tuning-eta", "agent-tuning-forgetting", "agent-tuning-filter"],
  );
  const drawn = figures.map((f) => JSON.stringify(f.draw(light)));
  assert.match(drawn[1]!, /general conversations, before/);
  assert.match(drawn[2]!, /unfiltered/);
  for (const text of drawn) assert.match(text, /simulated teacher/);
});
