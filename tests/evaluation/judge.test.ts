import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judgePair, judgePrompt, parseJudgement, simulatedJudge } from "../../lib/evaluation/judge";
import { pairUp, preferences, swapped } from "../../lib/evaluation/matched";
import { simulatedModel } from "../../lib/llm/simulated";
import { trajectory } from "./trajectories";

const good = trajectory("a", ["Action: right"], 1);
const bad = trajectory("a", ["Action: wrong"], 0.4);
const [pair] = pairUp([good], [bad]);

test("pairs are of the same instance, in the order of the first; equal ones are told", () => {
  const b = trajectory("b", ["Action: x"]);
  const pairs = pairUp([b, good, trajectory("c", ["y"])], [bad, { ...b, reward: 0, id: "other" }]);
  assert.deepEqual(
    pairs.map(({ first, identical }) => [first.instance, identical]),
    [
      ["b", true],
      ["a", false],
    ],
  );
  assert.equal(pairs[1]!.id, pair!.id, "a pair is named by what is said");
  assert.notEqual(pairUp([bad], [good])[0]!.id, pair!.id);
});

test("the verdict is in the last line that gives one", () => {
  assert.equal(parseJudgement("Better: 1 is tempting, but\n**Better: 2**"), "lose");
  assert.equal(parseJudgement("better: TIE."), "tie");
  assert.equal(parseJudgement("Better: 12"), null);
  assert.equal(parseJudgement("I cannot say which is better: 1 or 2"), null);
  const word = fc.string();
  fc.assert(
    fc.property(word, fc.constantFrom("1", "2", "tie"), (before, said) => {
      const expected = { "1": "win", "2": "lose", tie: "tie" } as const;
      assert.equal(parseJudgement(`${before}\nBetter: ${said}`), expected[said as keyof typeof expected]);
    }),
  );
});

/** A judge that takes the trajectory with `right` in it, or says the same whatever it sees. */
const judge = (says: (prompt: string) => string) =>
  simulatedModel("judge", (messages) => `Better: ${says(messages[0]!.content)}`);
const truthful = judge((prompt) => (prompt.indexOf("right") < prompt.indexOf("wrong") ? "1" : "2"));

test("a judge who means the same in both orders decides; one who likes what stands first makes ties", async () => {
  assert.deepEqual((await judgePair(pair!, truthful)).orders, ["win", "win"]);
  assert.equal((await judgePair(pairUp([bad], [good])[0]!, truthful)).verdict, "lose");
  const biased = await judgePair(
    pair!,
    judge(() => "1"),
  );
  assert.deepEqual([biased.verdict, biased.orders], ["tie", ["win", "lose"]]);
  assert.equal(biased.usage.calls, 2);
  const mute = await judgePair(
    pair!,
    judge(() => "neither"),
  );
  assert.deepEqual([mute.verdict, mute.orders], ["tie", [null, null]]);
});

test("the prompt holds the instance once and both trajectories, and no reward", () => {
  const { content } = judgePrompt(good, bad)[0]!;
  assert.equal(content.split("do a").length, 2);
  assert.ok(content.indexOf("right") < content.indexOf("wrong"));
  assert.doesNotMatch(content, /0\.4|reward/);
});

test("the simulated judge says that it is simulated, follows the reward, then brevity, and errs towards the first", async () => {
  const many = Array.from({ length: 200 }, (_, i) => `i${i}`);
  const pairs = pairUp(
    many.map((id) => trajectory(id, ["Action: right"], 1)),
    many.map((id) => trajectory(id, ["Action: wrong"], 0.4)),
  );
  const model = simulatedJudge(pairs);
  assert.equal(model.simulated, true);
  const verdicts = await Promise.all(pairs.map((p) => judgePair(p, model)));
  const wins = verdicts.filter(({ verdict }) => verdict === "win").length;
  assert.ok(wins > 160 && wins < 200, `${wins} wins of 200`);
  assert.ok(verdicts.every(({ verdict, orders }) => verdict !== "lose" && orders[0] === "win"));
  const short = pairUp([trajectory("s", ["a"])], [trajectory("s", ["b", "c", "d"])])[0]!;
  const replies = await simulatedJudge([short]).complete({
    messages: judgePrompt(short.first, short.second),
  });
  assert.equal(replies.text, "Better: 1");
});

test("sides changed twice are as they were", () => {
  for (const p of preferences) assert.equal(swapped(swapped(p)), p);
});
