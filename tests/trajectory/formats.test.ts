/** What each format says about its rows, on rows written by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formats, getFormat } from "../../lib/trajectory/formats";
import { validateTrajectory } from "../../lib/trajectory/validate";

const context = { source: "f.jsonl", id: "f-1", task: "f", skill: null };
const read = (format: string, row: unknown) => validateTrajectory(getFormat(format).read(row, context));
const back = (format: string, row: unknown) => getFormat(format).write(read(format, row));

const agentbank = {
  id: "alfworld_7",
  conversations: [
    { from: "human", value: "Put a mug on the desk." },
    { from: "gpt", value: "Thought: Find it.\nAction: go to desk 1" },
    { from: "human", value: "Observation: You see a mug 1." },
    { from: "gpt", value: "Thought: Here.\nAction: take mug 1" },
  ],
  game_file: "train/pick_and_place/game.tw-pddl",
};
const agentinstruct = {
  id: "alfworld_0",
  conversations: [
    { from: "human", loss: null, value: "Interact with a household." },
    { from: "gpt", loss: false, value: "OK." },
    { from: "human", loss: null, value: "You are in a room." },
    { from: "gpt", loss: true, value: "THOUGHT: Look.\nACTION: look" },
  ],
};
const call = { name: "search", arguments: '{"q": "mug"}' };
const openai = {
  id: "x",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Find a mug." },
    {
      role: "assistant",
      content: "Let me see.",
      tool_calls: [{ id: "call_1", type: "function", function: call }],
    },
    { role: "tool", tool_call_id: "call_1", content: "A mug." },
    { role: "assistant", content: "Found." },
  ],
  tools: [{ type: "function", function: { name: "search" } }],
};

test("each row is detected as its own format", () => {
  const detected = (row: unknown) => formats.find((f) => f.detect(row))?.name;
  assert.equal(detected(agentbank), "agentbank");
  assert.equal(detected(agentinstruct), "agentinstruct");
  assert.equal(detected(openai), "openai");
  assert.equal(detected({ instruction: "a", output: "b" }), "evol-codealpaca");
  assert.equal(detected({ conversations: [{ from: "human", value: "a" }] }), "sharegpt");
  assert.equal(detected({ text: "a" }), undefined);
});

test("agentbank: the game file is the instance, and comes back", () => {
  const row = getFormat("agentbank").read(agentbank, { ...context, task: "alfworld" });
  assert.equal(row.instance, agentbank.game_file);
  assert.deepEqual(
    row.turns.map((t) => t.action),
    [undefined, "go to desk 1", undefined, "take mug 1"],
  );
  assert.deepEqual(getFormat("agentbank").write(row), agentbank);
});

test("agentinstruct: loss is kept a turn, and absent means trained", () => {
  assert.deepEqual(
    read("agentinstruct", agentinstruct).turns.map((t) => t.loss),
    [false, false, false, true],
  );
  assert.deepEqual(back("agentinstruct", agentinstruct), agentinstruct);
  const bare = {
    ...agentinstruct,
    conversations: agentinstruct.conversations.map(({ loss, ...turn }) => turn),
  };
  assert.deepEqual(
    read("agentinstruct", bare).turns.map((t) => t.loss),
    [false, true, false, true],
  );
});

test("openai: a tool call is an action, its result an observation, arguments stay a JSON string", () => {
  const { turns } = read("openai", openai);
  assert.equal(turns[2]?.action, JSON.stringify(call));
  assert.equal(turns[2]?.thought, "Let me see.");
  assert.equal(turns[3]?.content, "Observation: A mug.");
  assert.match(turns[0]!.content, /^Be brief\.\n\nTools: \[/);
  assert.deepEqual(back("openai", openai), openai);
  const two = {
    messages: [openai.messages[1], { role: "assistant", tool_calls: [1, 2].map(() => ({ function: call })) }],
  };
  assert.throws(
    () => read("openai", two),
    /^InputError: 2 tool calls in one message: a step has one action$/,
  );
});

test("sharegpt: system and tools share the first turn and part again", () => {
  const row = {
    id: "s",
    conversations: [
      { from: "system", value: "Tools: none of them" },
      { from: "human", value: "Hi" },
      { from: "function_call", value: '{"name": "f", "arguments": {}}' },
      { from: "observation", value: "1" },
      { from: "gpt", value: "One." },
    ],
    tools: '[{"name": "f"}]',
  };
  assert.deepEqual(back("sharegpt", row), row);
  const { tools, ...without } = row;
  assert.deepEqual(back("sharegpt", without), without);
  const foreign = [{ from: "bing", value: "Hi" }];
  assert.throws(() => read("sharegpt", { conversations: foreign }), /^InputError: conversations\.0\.from: /);
});

test("fireact-alpaca refuses what its lines cannot tell apart", () => {
  const write = (second: string) => {
    const t = read("fireact-gpt", {
      messages: [
        { role: "user", content: "Q?" },
        { role: "assistant", content: second },
      ],
    });
    return getFormat("fireact-alpaca").write(t);
  };
  assert.deepEqual(write("Thought: a\nAction: b"), {
    instruction: "Q?",
    input: "",
    output: "Thought: a\nAction: b\n",
  });
  assert.throws(() => write("Action: b"), /tells turns apart by their first words/);
  assert.throws(() => write("Thought: a\nAction: b\nObservation: c"), /tells turns apart/);
});

test("evol-codealpaca: one exchange, its own task", () => {
  const row = { instruction: "Add.", output: "a + b" };
  assert.deepEqual(back("evol-codealpaca", row), row);
  assert.equal(getFormat("evol-codealpaca").task, "evol-codealpaca");
  assert.throws(
    () => getFormat("evol-codealpaca").write(read("agentbank", agentbank)),
    /holds one question and one answer/,
  );
});
