import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { replay, toTrajectory } from "../../lib/agent";
import { LLM, parsePlan, printPlan, resolve } from "../../lib/mechanisms/rewoo/plan";
import { rewoo } from "../../lib/mechanisms/rewoo/play";
import { plannerPrompt, rewooFault, solverPrompt } from "../../lib/mechanisms/rewoo/prompts";
import { rewooRows, rewrite } from "../../lib/mechanisms/rewoo/rows";
import { gsm8k } from "../../lib/tasks/gsm8k";
import { hotpotqa } from "../../lib/tasks/hotpotqa";
import { tasks } from "../../lib/tasks/registry";
import type { Instance, Task } from "../../lib/tasks/task";
import type { Turn } from "../../lib/trajectory/schema";
import { validateTrajectory } from "../../lib/trajectory/validate";
import { saying } from "./saying";

const provenance = { strategy: "gold", teacher: null, simulated: false, source: "generated" } as const;

const line = fc.stringMatching(/^[A-Za-z0-9 .,#[\]+*-]{0,20}$/).map((s) => s.trim());
const plannedCall = fc.record(
  {
    plan: line
      .filter((s) => !s.startsWith("#E") && !s.startsWith("Plan:"))
      .map((s) => s.replace(/\s+/g, " ")),
    tool: fc.constantFrom("search", "lookup", "calculate", LLM),
    argument: line,
  },
  { noNullPrototype: true },
);

test("a plan that is printed reads back; what is no plan is none", () => {
  fc.assert(
    fc.property(fc.array(plannedCall, { minLength: 1, maxLength: 5 }), (calls) => {
      assert.deepEqual(parsePlan(printPlan(calls)), calls);
    }),
  );
  for (const text of [
    "",
    "Plan: think",
    "#E2 = search[a]",
    "#E1 = search[a]\n#E3 = search[b]",
    "#E1 = search a",
  ])
    assert.equal(parsePlan(text), null, text);
  fc.assert(fc.property(fc.string(), (text) => void parsePlan(text)));
});

test("references take the evidence of their number; those to nothing stay", () => {
  assert.equal(resolve("#E2 + #E1 * #E10", ["3", "4"]), "4 + 3 * #E10");
});

/** Steps whose arguments are made of words of the question, of earlier observations, and of their whole. */
const names = ["Adam", "Beth", "Carl", "Dora", "Emil"];
const episode = fc
  .record({
    question: fc.subarray(names, { minLength: 1 }),
    steps: fc.array(
      fc.record({
        tool: fc.constantFrom("search", "lookup"),
        parts: fc.array(
          fc.oneof(
            fc.constantFrom(...names),
            fc.nat(5).map((i) => ({ whole: i })),
          ),
          { minLength: 1, maxLength: 3 },
        ),
        observation: fc.array(fc.constantFrom(...names, "12", "3.5", "river"), {
          minLength: 1,
          maxLength: 20,
        }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ question, steps }) => {
    const observations = steps.map((step) => step.observation.join(" "));
    const actions = steps.map(({ tool, parts }, i) => {
      const words = parts.map((p) =>
        typeof p === "string" ? p : (observations[p.whole % Math.max(1, i)] ?? "Adam"),
      );
      return `${tool}[${(i === 0 ? words.filter((w) => names.includes(w)) : words).join(" ") || "Adam"}]`;
    });
    return { question: `Who is ${question.join(" and ")}?`, actions, observations };
  });

const turnsOf = (actions: readonly string[], observations: readonly string[]): Turn[] =>
  [...actions, "finish[it]"].flatMap((action, i): Turn[] => [
    { role: "assistant", content: `Thought: so\nAction: ${action}`, thought: "so", action, loss: true },
    ...(i < actions.length
      ? [{ role: "user", content: `Observation: ${observations[i]}`, loss: false } as const]
      : []),
  ]);

test("a rewritten trajectory, carried out, is the same actions, and no argument knows what only evidence tells", () => {
  fc.assert(
    fc.property(episode, ({ question, actions, observations }) => {
      const rewritten = rewrite(question, turnsOf(actions, observations));
      if ("fault" in rewritten) return;
      const { calls, evidence } = rewritten;
      const made: string[] = [];
      calls.forEach(({ tool, argument }, i) => {
        // References go back only.
        for (const [, number] of argument.matchAll(/#E(\d+)/g)) assert.ok(Number(number) <= i);
        const learnt = evidence.slice(0, i).join(" ");
        for (const word of argument.match(/[A-Z][a-z]+/g) ?? [])
          assert.ok(
            question.includes(word) || !learnt.includes(word) || word === "What",
            `${word} of ${argument} was not known`,
          );
        const asked = resolve(argument, evidence);
        if (tool === LLM) assert.ok(asked.includes(evidence[i]!), "what is read out stands there");
        else made.push(`${tool}[${asked}]`);
      });
      assert.deepEqual(made, actions);
      assert.deepEqual(
        evidence.filter((_, i) => calls[i]!.tool !== LLM),
        observations,
      );
    }),
    { numRuns: 500 },
  );
});

test("most such episodes can be rewritten, and those that cannot say why", () => {
  const found = fc
    .sample(episode, { numRuns: 300, seed: 1 })
    .map(({ question, actions, observations }) => rewrite(question, turnsOf(actions, observations)));
  const faults = found.flatMap((f) => ("fault" in f ? [f.fault] : []));
  assert.ok(faults.length < 200, `${faults.length} of 300`);
  assert.ok(faults.every((fault) => /^no observation holds the argument of action \d as it is$/.test(fault)));
  assert.deepEqual(rewrite("Who?", turnsOf([], [])), { fault: "it makes no call before it finishes" });
  assert.deepEqual(rewrite("Who?", turnsOf(["open the door"], ["open"])), { fault: "action 1 is no call" });
  const lines = { fault: "the argument of action 1 is more than a line of text" };
  assert.deepEqual(rewrite("Who?", turnsOf(["python[a\nb]"], ["1"])), lines);
});

const rowsOf = async (task: Task, instance: Instance) => {
  const steps = (await task.gold(instance))!;
  const trajectory = toTrajectory(await replay({ task, instance, steps, shots: 0 }), task, provenance);
  return { rows: rewooRows(task, trajectory), trajectory };
};

test("numbers become references, names in passages are read out by the language model", async () => {
  const sums = (await rowsOf(gsm8k, gsm8k.example)).rows;
  assert.ok("rows" in sums);
  assert.equal(
    sums.rows[0]!.turns[1]!.content,
    "Plan: Nora gives 6 marbles to her brother, so 24 - 6.\n#E1 = calculate[24 - 6]\n" +
      "Plan: Nora buys 3 bags with 5 marbles in each, so #E1 + 3 * 5.\n#E2 = calculate[#E1 + 3 * 5]",
  );
  const pages = (await rowsOf(hotpotqa, hotpotqa.example)).rows;
  assert.ok("rows" in pages);
  assert.deepEqual(
    pages.rows.map((r) => r.id),
    ["planner", "worker-2", "solver"].map((part) => `hotpotqa-example/${part}`),
  );
  assert.match(
    pages.rows[0]!.turns[1]!.content,
    /#E2 = LLM\[What to search next, from: #E1\]\n.*\n#E3 = search\[#E2\]/,
  );
  assert.equal(pages.rows[1]!.turns[1]!.content, "Seven Oaks");
});

/** Plays with a model that says what the rows train. */
async function played(task: Task, instance: Instance) {
  const { rows, trajectory } = await rowsOf(task, instance);
  assert.ok("rows" in rows, `${instance.id}: ${"fault" in rows && rows.fault}`);
  for (const row of rows.rows) validateTrajectory(row);
  const { model, requests } = saying(rows.rows.map((row) => row.turns[1]!.content));
  const episode = await rewoo({ task, instance, model, shots: 0 });
  assert.deepEqual(
    requests.map((r) => r.messages[0]!.content),
    rows.rows.map((row) => row.turns[0]!.content),
    "play asks what training asks",
  );
  return { episode, trajectory, calls: requests.length };
}

test("on every task that ReWOO can play, a model that has learnt its rows earns what the trajectory earned", async () => {
  const able = tasks.filter((task) => rewooFault(task) === null);
  const names = able.map((t) => t.name);
  for (const name of ["hotpotqa", "bamboogle", "gsm8k", "svamp", "strategyqa", "triviaqa"])
    assert.ok(names.includes(name), name);
  for (const name of ["hotpotqa", "bamboogle", "gsm8k", "svamp"]) {
    const task = able.find((t) => t.name === name)!;
    for (const instance of task.generate({ split: "train", count: 6, seed: 2 })) {
      const { episode, trajectory } = await played(task, instance);
      assert.deepEqual([episode.reward, episode.ending], [trajectory.reward, "submitted"], instance.id);
    }
  }
  const { episode, calls } = await played(gsm8k, gsm8k.example);
  assert.deepEqual([calls, episode.steps], [2, 2], "two calls, however many tools");
});

test("tasks whose actions depend on what was last seen are refused, and told why", async () => {
  const faults = new Map(tasks.map((task) => [task.name, rewooFault(task)]));
  assert.match(faults.get("alfworld")!, /one of those that the last observation offers/);
  assert.match(faults.get("ic-sql")!, /no calls name\[argument\]/);
  const alfworld = tasks.find((t) => t.name === "alfworld")!;
  const instance = alfworld.example;
  await assert.rejects(
    rewoo({ task: alfworld, instance, model: saying([]).model, shots: 0 }),
    /InputError: rewoo: /,
  );
  const { rows } = await rowsOf(alfworld, instance);
  assert.deepEqual(rows, { fault: faults.get("alfworld") });
});

test("a plan that is none, an answer that is none, a solver that does not finish, a prompt too long", async () => {
  const instance = gsm8k.example;
  const play = async (texts: (string | null)[]) => {
    const { model, requests } = saying(texts);
    const { ending, reward, steps } = await rewoo({ task: gsm8k, instance, model, shots: 0, maxTokens: 10 });
    return { ending, reward, steps, limits: requests.map((r) => r.maxTokens) };
  };
  const plan = "#E1 = calculate[1 +]\n#E2 = LLM[What is #E1?]";
  assert.equal((await play(["I do not plan"])).ending, "format error");
  assert.equal((await play([plan, "an error", "no action"])).ending, "format error");
  assert.equal((await play([plan, "an error", "Action: calculate[1]"])).ending, "step limit");
  assert.equal((await play([null])).ending, "context limit");
  assert.equal((await play([plan, null])).ending, "context limit");
  assert.deepEqual(await play([plan, "33", "Action: finish[33]"]), {
    ending: "submitted",
    reward: 1,
    steps: 3,
    limits: [40, 10, 10],
  });
  assert.deepEqual((await play(["#E1 = finish[33]"])).reward, 1, "a plan may finish by itself");
});

test("the prompts hold the question and the instruction, and the solver's the evidence", () => {
  const call = { plan: "add", tool: "calculate", argument: "1 + 1" };
  assert.ok(plannerPrompt(gsm8k, "How many?").startsWith(gsm8k.instruction));
  assert.match(
    solverPrompt(gsm8k, "How many?", [call], ["2"]),
    /How many\?\nPlan: add\n#E1 = calculate\[1 \+ 1\]\nEvidence: 2$/,
  );
});
