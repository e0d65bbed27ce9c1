import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { replay, runEpisode, toTrajectory } from "../../lib/agent";
import { gsm8k } from "../../lib/tasks/gsm8k";
import { FORMAT_FAULT, observationTurn } from "../../lib/tasks/prompt";
import { withoutThought, withoutThoughts } from "../../lib/tasks/without-thoughts";
import { parseReact } from "../../lib/trajectory/react";
import { trajectorySchema } from "../../lib/trajectory/schema";
import { trajectory } from "../trajectory/arbitrary";

const instance = gsm8k.example;
const steps = gsm8k.gold(instance)!;
const provenance = { strategy: "gold", teacher: null, simulated: false, source: "generated" } as const;

test("without thoughts the actions, the losses and what else was said are as they were", () => {
  fc.assert(
    fc.property(trajectory, ({ turns }) => {
      for (const turn of turns) {
        const bare = withoutThought(turn);
        assert.deepEqual([bare.role, bare.loss, bare.action], [turn.role, turn.loss, turn.action]);
        if (turn.action === undefined) assert.deepEqual(bare, turn);
        else assert.deepEqual(parseReact(bare.content), { thought: "", action: turn.action });
        assert.deepEqual(withoutThought(bare), bare);
      }
    }),
  );
});

for (const shots of [0, 1] as const)
  test(`a ${shots}-shot trajectory without thoughts is the episode of an agent asked for actions alone`, async () => {
    const thinking = toTrajectory(await replay({ task: gsm8k, instance, steps, shots }), gsm8k, provenance);
    const bare = await withoutThoughts(gsm8k, thinking);
    let next = 0;
    const usage = { calls: 0, promptTokens: 0, completionTokens: 0, cost: null };
    const complete = async () => ({
      text: `Action: ${steps[next++]!.action}`,
      finish: "stop" as const,
      usage,
    });
    const model = { name: "actions", simulated: false, complete };
    const played = await runEpisode({ task: gsm8k, instance, model, shots, thoughts: false });
    assert.deepEqual(bare.turns, played.turns);
    assert.equal(played.reward, 1);
    assert.doesNotMatch(bare.turns.map((t) => t.content).join("\n"), /thought/i);
    assert.ok(trajectorySchema.safeParse(bare).success);
  });

test("the reminder of the format asks for the action alone; an opening that is not the kit's is told", async () => {
  const reminder = { role: "user", content: observationTurn(FORMAT_FAULT), loss: false } as const;
  const model = {
    name: "mute",
    simulated: false,
    complete: async () => ({
      text: "no step",
      finish: "stop" as const,
      usage: { calls: 0, promptTokens: 0, completionTokens: 0, cost: null },
    }),
  };
  const { turns } = await runEpisode({ task: gsm8k, instance, model, shots: 0, thoughts: false });
  assert.equal(turns[2]!.content, withoutThought(reminder).content);
  assert.doesNotMatch(turns[2]!.content, /thought/i);

  const own = toTrajectory(await replay({ task: gsm8k, instance, steps, shots: 0 }), gsm8k, provenance);
  const strange = { ...own, turns: own.turns.with(0, { role: "user", content: "Hello", loss: false }) };
  await assert.rejects(
    () => withoutThoughts(gsm8k, strange),
    /InputError: .*not the opening prompt of gsm8k/,
  );
});
