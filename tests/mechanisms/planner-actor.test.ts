import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runEpisode, toTrajectory } from "../../lib/agent";
import { plannerAndActor, roleRow, roles, viewOf } from "../../lib/mechanisms/planner-actor";
import { gsm8k } from "../../lib/tasks/gsm8k";
import { isPrintable, printReact } from "../../lib/trajectory/react";
import type { Trajectory, Turn } from "../../lib/trajectory/schema";
import { validateTrajectory } from "../../lib/trajectory/validate";
import { saying } from "./saying";

const instance = gsm8k.example;
const gold = gsm8k.gold(instance)!;
const options = { task: gsm8k, instance, shots: 0, session: "s", seed: 3 } as const;
const provenance = { strategy: "gold", teacher: null, simulated: false, source: "generated" } as const;
const read = (turns: readonly Turn[]) => turns.map(({ role, content }) => ({ role, content }));

const texts = (part: "thought" | "action") =>
  gold.map((step) => (part === "thought" ? `Thought: ${step.thought}` : `Action: ${step.action}`));

test("one thinks, the other acts; each is asked just what its training rows hold", async () => {
  const [planner, actor] = [saying(texts("thought")), saying(texts("action"))];
  const model = plannerAndActor(planner.model, actor.model);
  const episode = await runEpisode({ ...options, model });
  assert.deepEqual([episode.reward, episode.steps, episode.usage.calls], [1, gold.length, 2 * gold.length]);
  assert.deepEqual(
    episode.turns.filter((t) => t.role === "assistant").map((t) => t.content),
    gold.map(printReact),
  );
  const trajectory = toTrajectory(episode, gsm8k, provenance);
  for (const [role, { requests, released }] of Object.entries({ planner, actor })) {
    const row = validateTrajectory(roleRow(role as "planner", trajectory));
    requests.forEach(({ messages, session }, i) => {
      assert.deepEqual(messages, read(row.turns.slice(0, 2 * i + 1)), `${role}, step ${i + 1}`);
      assert.equal(session, `s/${role}`);
    });
    assert.deepEqual(released, [`s/${role}`]);
  }
});

test("together they say no more than the one agent: thoughts here, actions there, observations to both", () => {
  const word = fc.stringMatching(/^[a-z ]{0,12}$/).map((s) => s.trim());
  const step = fc.record({ thought: word, action: word.map((w) => w || "look") }).filter(isPrintable);
  const made = fc.array(fc.tuple(step, word), { minLength: 1, maxLength: 6 }).map(
    (steps): Trajectory => ({
      version: 1,
      id: "x",
      task: "gsm8k",
      skill: "math",
      instance: "x",
      difficulty: null,
      turns: [
        { role: "user", content: "question", loss: false },
        ...steps.flatMap(([s, observation], i): Turn[] => [
          { role: "assistant", content: printReact(s), ...s, loss: i % 2 === 0 },
          { role: "user", content: `Observation: ${observation}`, loss: false },
        ]),
      ],
      reward: 1,
      provenance,
    }),
  );
  fc.assert(
    fc.property(made, (trajectory) => {
      const [planner, actor] = roles.map((role) => roleRow(role, trajectory).turns);
      const replies = trajectory.turns.flatMap((turn, i) => (turn.role === "assistant" ? [i] : []));
      for (const i of replies) {
        const { thought, action, loss } = trajectory.turns[i]!;
        assert.equal(planner![i]!.content, `Thought: ${thought}`.trim());
        assert.equal(actor![i]!.content, `Action: ${action}`);
        assert.deepEqual([planner![i]!.loss, actor![i]!.loss], [loss, loss]);
        assert.ok(planner![i + 1]!.content.startsWith(`Action: ${action}\nObservation: `));
        assert.ok(actor![i - 1]!.content.endsWith(planner![i]!.content), "the actor reads the thought first");
      }
      // The view of a prefix is the prefix of the view: what was read in one step stays as it was in the next.
      for (const i of replies)
        assert.deepEqual(viewOf("planner", read(trajectory.turns.slice(0, i))), read(planner!.slice(0, i)));
    }),
  );
});

test("a planner without its label, and an actor that does not act, are heard as they are", async () => {
  const planner = saying(["so 24 - 6", "again", "again"]);
  const actor = saying(["I refuse", "Action: finish[1]"]);
  const episode = await runEpisode({ ...options, model: plannerAndActor(planner.model, actor.model) });
  assert.deepEqual(
    episode.turns.filter((t) => t.role === "assistant").map((t) => t.content),
    ["Thought: so 24 - 6\nI refuse", "Thought: again\nAction: finish[1]"],
  );
  assert.equal(episode.ending, "submitted");
});

test("one model may play both; where the prompt fits no more, the episode ends", async () => {
  const one = saying([texts("thought")[0]!, texts("action")[0]!, null]);
  const model = plannerAndActor(one.model, one.model);
  const episode = await runEpisode({ ...options, model });
  assert.equal(model.name, "saying in two roles");
  assert.deepEqual([episode.ending, episode.steps, episode.usage.calls], ["context limit", 1, 3]);
  assert.ok(one.requests[0]!.stop!.includes("\nAction:"), "a planner that goes on to act is cut short");
  assert.ok(!one.requests[1]!.stop!.includes("\nAction:"));
});
