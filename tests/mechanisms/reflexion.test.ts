import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { replay, toTrajectory } from "../../lib/agent";
import { pairsOf } from "../../lib/mechanisms/pairs";
import { REFLECT, reflectionPrompt, reflexion, retry } from "../../lib/mechanisms/reflexion";
import { hindsight, reflexionRows } from "../../lib/mechanisms/reflexion-rows";
import { gsm8k } from "../../lib/tasks/gsm8k";
import { webshop } from "../../lib/tasks/webshop";
import { printReact } from "../../lib/trajectory/react";
import type { Turn } from "../../lib/trajectory/schema";
import { validateTrajectory } from "../../lib/trajectory/validate";
import { saying } from "./saying";

const instance = gsm8k.example;
const gold = gsm8k.gold(instance)!.map(printReact);
const wrong = "Thought: it is 7\nAction: finish[7]";
const options = { task: gsm8k, instance, shots: 0, seed: 5, session: "s" } as const;
const provenance = { strategy: "gold", teacher: null, simulated: false, source: "generated" } as const;

test("a trial that fails is reflected on, and the next one reads it", async () => {
  const { model, requests, released } = saying([wrong, "I guessed. I will calculate.", ...gold]);
  const episode = await reflexion({ trials: 3 })({ ...options, model });
  assert.deepEqual(
    [episode.reward, episode.steps, episode.usage.calls, episode.trials],
    [
      1,
      4,
      5,
      [
        { reward: 0, ending: "submitted", steps: 1, reflection: "I guessed. I will calculate." },
        { reward: 1, ending: "submitted", steps: 3, reflection: null },
      ],
    ],
  );
  const [, asked, second] = requests;
  assert.equal(asked!.messages.at(-1)!.content, REFLECT);
  assert.equal(asked!.messages.at(-2)!.content, wrong, "it reads the whole episode");
  assert.match(second!.messages[0]!.content, /How many marbles.*\n\nWhat you learnt .*:\nI guessed\./);
  assert.equal(episode.turns[0]!.content, second!.messages[0]!.content, "and the log says so");
  assert.deepEqual(released, ["s", "s/reflection", "s"]);
  assert.ok(new Set(requests.map((r) => r.seed)).size >= 4, "no two trials share their seeds");
});

test("success ends it at once; failure only when the trials are spent", async () => {
  const at = async (texts: readonly string[], trials: number) => {
    const { model } = saying(texts);
    const { reward, trials: played } = await reflexion({ trials })({ ...options, model });
    return [reward, played!.length];
  };
  assert.deepEqual(await at(gold, 3), [1, 1]);
  assert.deepEqual(await at([wrong, "a", wrong, "b", wrong], 3), [0, 3]);
  assert.deepEqual(await at([wrong], 1), [0, 1]);
  await assert.rejects(at([], 0), RangeError);
});

test("what is remembered are the latest three reflections; an empty one is none", async () => {
  const texts = [wrong, "r1", wrong, "", wrong, "r3", wrong, "r4", wrong, "r5", wrong];
  const { model, requests } = saying(texts);
  const { trials } = await reflexion({ trials: 6 })({ ...options, model });
  assert.deepEqual(
    trials!.map((t) => t.reflection),
    ["r1", null, "r3", "r4", "r5", null],
  );
  const advice = requests.at(-1)!.messages[0]!.content.split("failed:\n")[1];
  assert.equal(advice, "r3\nr4\nr5");
});

test("retry has the same oracle and nothing to read: the first trial as ever, the others sampled", async () => {
  const { model, requests } = saying([wrong, wrong, ...gold]);
  const episode = await retry({ trials: 4, temperature: 0.7 })({ ...options, model });
  assert.deepEqual([episode.reward, episode.trials!.length, episode.usage.calls], [1, 3, 5]);
  assert.deepEqual(
    requests.map((r) => r.temperature),
    [undefined, 0.7, 0.7, 0.7, 0.7],
  );
  assert.ok(!requests.some((r) => r.messages[0]!.content.includes("learnt")));
});

test("an episode that ends with an observation is asked about all the same, roles in turn", () => {
  const turn = (role: Turn["role"], content: string): Turn => ({ role, content, loss: false });
  const asked = reflectionPrompt([turn("user", "u"), turn("assistant", "a"), turn("user", "o")]);
  assert.deepEqual(
    asked.map((m) => m.role),
    ["user", "assistant", "user"],
  );
});

test("pairs: what earned more is chosen, whoever said it; what cannot be compared is left out", async () => {
  const step = (text: string) => ({ thought: "so", action: `finish[${text}]` });
  const right = await replay({ task: gsm8k, instance, steps: gsm8k.gold(instance)!, shots: 0 });
  const failed = await replay({ task: gsm8k, instance, steps: [step("7")], shots: 0 });
  const [good, bad] = [toTrajectory(right, gsm8k, provenance), toTrajectory(failed, gsm8k, provenance)];
  const [lost] = pairsOf([good], [failed], "agent");
  assert.deepEqual([lost!.chosen.reward, lost!.rejected.reward], [1, 0]);
  assert.deepEqual(lost!.rejected.provenance, {
    strategy: "explore",
    teacher: "agent",
    simulated: false,
    source: "generated",
    usage: failed.usage,
  });
  const [won] = pairsOf([bad], [right], "agent");
  assert.deepEqual([won!.chosen.reward, won!.rejected.reward], [1, 0]);
  assert.deepEqual(pairsOf([good], [right], "agent"), [], "equal rewards");
  assert.deepEqual(pairsOf([], [failed], "agent"), [], "no such instance in the bank");
  const other = { ...failed, turns: [{ ...failed.turns[0]!, content: "another prompt" }, failed.turns[1]!] };
  assert.deepEqual(pairsOf([good], [other], "agent"), [], "another prompt");
  const silent = { ...failed, turns: failed.turns.slice(0, 1) };
  assert.deepEqual(pairsOf([good], [silent], "agent"), [], "the agent said nothing");
  const babble = {
    ...failed,
    turns: [failed.turns[0]!, { role: "assistant", content: "??", loss: false } as Turn],
  };
  assert.equal(pairsOf([good], [babble], "agent")[0]!.rejected.turns[1]!.loss, true, "what it said counts");
});

test("hindsight names the first action that differs, in a line", () => {
  const turns = (actions: readonly string[]) =>
    actions.map(
      (action): Turn => ({
        role: "assistant",
        content: `Action: ${action}`,
        action,
        thought: "",
        loss: true,
      }),
    );
  assert.equal(
    hindsight(turns(["a", "b"]), turns(["a", "c", "d"])),
    "I did b, and it failed. Next time I do c.",
  );
  assert.equal(
    hindsight(turns(["a"]), turns(["a", "c"])),
    "I stopped too early, and it failed. Next time I do c.",
  );
  assert.equal(hindsight(turns(["a", "b"]), turns(["a"])), "I did b, and it failed. Next time I stop there.");
  const action = fc.string({ minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(action, { maxLength: 5 }),
      fc.array(action, { minLength: 1, maxLength: 5 }),
      (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        assert.ok(!hindsight(turns(a), turns(b)).includes("\n"));
      },
    ),
  );
});

test("the rows of a pair train the reflection and the second attempt alone, and are what play asks for", async () => {
  const [shopping] = webshop.generate({ split: "train", count: 1, seed: 3 });
  const steps = (await webshop.gold(shopping!))!;
  const best = await replay({ task: webshop, instance: shopping!, steps, shots: 0 });
  const bought = { thought: "done", action: "click[buy now]" };
  const worse = await replay({
    task: webshop,
    instance: shopping!,
    steps: [steps[0]!, bought, bought],
    shots: 0,
  });
  const [pair] = pairsOf([toTrajectory(best, webshop, provenance)], [worse], "agent");
  const [reflected, again] = reflexionRows(pair!).map(validateTrajectory);
  assert.deepEqual(
    reflected!.turns.filter((t) => t.loss).map((t) => t.content),
    [`I did click[buy now], and it failed. Next time I do ${steps[1]!.action}.`],
  );
  // Play, with a model that says just that.
  const texts = [...worse.turns.filter((t) => t.role === "assistant"), reflected!.turns.at(-1)!];
  const { model, requests } = saying([...texts.map((t) => t.content), ...steps.map(printReact)]);
  const play = reflexion({ trials: 2 });
  await play({ task: webshop, instance: shopping!, model, shots: 0, maxSteps: texts.length - 1 });
  const read = (turns: readonly Turn[]) => turns.map(({ role, content }) => ({ role, content }));
  assert.deepEqual(requests[texts.length - 1]!.messages, read(reflected!.turns.slice(0, -1)));
  assert.deepEqual(requests[texts.length]!.messages, read(again!.turns.slice(0, 1)));
});
