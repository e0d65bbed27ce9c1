import assert from "node:assert/strict";
import { test } from "node:test";
import { replay, runEpisode, toTrajectory } from "../lib/agent";
import type { CompletionRequest, LanguageModel } from "../lib/llm/client";
import { gsm8k } from "../lib/tasks/gsm8k";
import { FORMAT_FAULT } from "../lib/tasks/prompt";
import { trajectorySchema } from "../lib/trajectory/schema";

const usage = { calls: 1, promptTokens: 10, completionTokens: 2, cost: null };
const instance = gsm8k.example;
const gold = gsm8k.gold(instance)!;

/** A model that says the texts in turn; null stands for a prompt that no longer fits. Keeps what it was asked. */
function saying(texts: readonly (string | null)[]) {
  const requests: CompletionRequest[] = [];
  const released: string[] = [];
  const model: LanguageModel = {
    name: "saying",
    simulated: false,
    async complete(request) {
      const text = texts[requests.length] ?? null;
      requests.push({ ...request, messages: [...request.messages] });
      return { text: text ?? "", finish: text === null ? "context" : "stop", usage };
    },
    release: (session) => released.push(session),
  };
  return { model, requests, released };
}

const play = (texts: readonly (string | null)[], maxSteps = 10) =>
  runEpisode({ task: gsm8k, instance, model: saying(texts).model, shots: 0, maxSteps });

test("an episode alternates turns, trains on what the agent said, and ends when the environment says so", async () => {
  const texts = gold.map(({ thought, action }) => `Thought: ${thought}\n\nAction:  ${action}\n`);
  const { model, requests, released } = saying(texts);
  const episode = await runEpisode({ task: gsm8k, instance, model, shots: 1, seed: 5, session: "s" });
  assert.deepEqual([episode.ending, episode.reward, episode.steps], ["submitted", 1, 3]);
  assert.deepEqual(
    episode.turns.map(({ role, loss }) => `${role} ${loss}`),
    ["user false", "assistant true", "user false", "assistant true", "user false", "assistant true"],
  );
  assert.equal(episode.turns[1]!.content, `Thought: ${gold[0]!.thought}\nAction: ${gold[0]!.action}`);
  assert.equal(episode.turns[2]!.content, "Observation: 18");
  assert.deepEqual(episode.usage, { calls: 3, promptTokens: 30, completionTokens: 6, cost: null });
  assert.deepEqual(
    requests.map((r) => [r.messages.length, r.seed, r.session]),
    [
      [1, 5, "s"],
      [3, 6, "s"],
      [5, 7, "s"],
    ],
  );
  assert.deepEqual(released, ["s"]);
});

test("the opening prompt holds the instruction, the example where one shot is asked, and the instance", async () => {
  const opening = async (shots: 0 | 1) =>
    (await replay({ task: gsm8k, instance, steps: gold, shots })).turns[0]!.content;
  const [bare, shown] = [await opening(0), await opening(1)];
  for (const prompt of [bare, shown]) {
    assert.ok(prompt.startsWith(gsm8k.instruction));
    assert.ok(prompt.endsWith(instance.question));
  }
  assert.ok(!bare.includes("Observation: 18"));
  assert.ok(shown.includes("Action: calculate[24 - 6]\nObservation: 18\n"));
});

test("an unparsable reply is answered with the format and not trained on; the third in a row ends the episode", async () => {
  const good = "Thought: x\nAction: calculate[1 + 1]";
  const mended = await play(["hm", "hm", good, "hm", "Action: finish[33]"]);
  assert.deepEqual([mended.ending, mended.reward, mended.steps], ["submitted", 1, 5]);
  assert.deepEqual(mended.turns[1], { role: "assistant", content: "hm", loss: false });
  assert.equal(mended.turns[2]!.content, `Observation: ${FORMAT_FAULT}`);
  const lost = await play(["hm", "hm", "hm", good]);
  assert.deepEqual([lost.ending, lost.reward, lost.steps], ["format error", 0, 3]);
});

test("the other endings: step limit, context limit, environment error", async () => {
  const good = "Action: calculate[1 + 1]";
  const limited = await play([good, good, good], 2);
  assert.deepEqual([limited.ending, limited.steps, limited.turns.length], ["step limit", 2, 4]);
  const full = await play([good, null]);
  assert.deepEqual([full.ending, full.steps, full.usage.calls], ["context limit", 1, 2]);

  let closed = 0;
  const broken = {
    ...gsm8k,
    environment: () => ({
      reset: () => "q",
      step: () => {
        throw new Error("the world fell apart");
      },
      close: () => void closed++,
    }),
  };
  const episode = await runEpisode({ task: broken, instance, model: saying([good]).model, shots: 0 });
  assert.deepEqual([episode.ending, episode.error, closed], ["environment error", "the world fell apart", 1]);
});

test("what the model throws reaches the caller, and the environment is closed all the same", async () => {
  let closed = 0;
  const watched = {
    ...gsm8k,
    environment: () => ({ reset: () => "q", step: () => assert.fail(), close: () => void closed++ }),
  };
  const model: LanguageModel = {
    name: "dead",
    simulated: false,
    complete: () => Promise.reject(new Error("no route")),
  };
  await assert.rejects(runEpisode({ task: watched, instance, model, shots: 0 }), /no route/);
  assert.equal(closed, 1);
});

test("a replay plays steps up to the end of the episode", async () => {
  const replayed = (steps: typeof gold) => replay({ task: gsm8k, instance, steps, shots: 0 });
  assert.equal((await replayed([...gold, gold[0]!])).steps, 3);
  assert.equal((await replayed(gold.slice(0, 2))).ending, "step limit");
  await assert.rejects(replayed([]), RangeError);
});

test("an episode becomes a valid trajectory", async () => {
  const episode = await replay({ task: gsm8k, instance, steps: gold, shots: 0 });
  const provenance = { strategy: "gold", teacher: null, simulated: false, source: "generated" } as const;
  const trajectory = toTrajectory(episode, gsm8k, provenance, "other");
  assert.deepEqual(trajectorySchema.parse(trajectory), trajectory);
  assert.deepEqual(
    [trajectory.id, trajectory.instance, trajectory.skill],
    ["other", "gsm8k-example", "math"],
  );
});
