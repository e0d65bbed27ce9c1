/** Rows under the published templates: trained as they are, or refused with row and turn; never changed in silence. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { createTokenizer, type Tokenizer } from "../../lib/model/tokenizer";
import { tokenRow } from "../../lib/training/mask";
import type { Turn } from "../../lib/trajectory/schema";
import { agent, trajectory, user } from "./fixtures";

const read = (name: string) => readFileSync(join(__dirname, "..", "fixtures", name));
const { templates } = JSON.parse(read("chat-templates.json").toString()) as {
  templates: { name: string; template: string }[];
};
const { kinds } = JSON.parse(gunzipSync(read("tokenizers.json.gz")).toString()) as {
  kinds: Record<string, { tokenizer: object }>;
};

/** A SentencePiece tokenizer, whose prefix space has its own rules for where turns begin. */
const under = (chat_template: string): Tokenizer =>
  createTokenizer(kinds.llama!.tokenizer, { bos_token: "<s>", eos_token: "</s>", chat_template });
const tokenizer = (name: string) => under(templates.find((t) => t.name === name)!.template);
const system = (content: string): Turn => ({ role: "system", content, loss: false });

test("llama-2: trained are the space that the model writes, its text, and the end", () => {
  const llama2 = tokenizer("llama-2");
  const row = tokenRow(
    trajectory("r", [system("Act."), user("the kettle"), agent("kitchen"), user("in"), agent("<s>cabinet")]),
    llama2,
  );
  const trained = [...row.ids].filter((_, i) => row.trained[i]);
  assert.equal(llama2.decode(trained), "kitchen </s> <s>cabinet </s>");
  assert.equal(llama2.decode(trained, { skipSpecial: true }), "kitchen  <s>cabinet ");
  assert.equal(
    llama2.decode([...row.ids]),
    "<s> [INST] <<SYS>>\nAct.\n<</SYS>>\n\nthe kettle [/INST] kitchen </s><s> [INST] in [/INST] <s>cabinet </s>",
  );
});

for (const [name, end] of [
  ["chatml", ""],
  ["qwen2.5", ""],
  ["zephyr", "</s>"],
  ["vicuna", "</s>"],
] as const)
  test(`${name}: a conversation's turns are found`, () => {
    const chat = tokenizer(name);
    const row = tokenRow(trajectory("r", [user("kettle"), agent("go"), user("no"), agent("red")]), chat);
    const trained = chat.decode([...row.ids].filter((_, i) => row.trained[i]));
    assert.equal(trained.replace(/<\|im_end\|>|\s/g, ""), `go${end}red${end}`);
  });

const refused: [template: string, turns: Turn[], reason: RegExp][] = [
  [
    "llama-2",
    [user("go"), agent("red\n")],
    /row r: turn 2 does not survive .*: the assistant's text is stripped of the white space at its ends/,
  ],
  [
    "llama-3",
    [user(" go"), agent("red")],
    /row r: turn 1 does not survive .*: the user's text is stripped of the white space at its ends/,
  ],
  [
    "mistral",
    [system("Act."), user("go"), agent("red")],
    /row r: turn 1 does not survive .*: the system's text is left out/,
  ],
  [
    "vicuna",
    [user("go"), agent("red"), system("late"), user("on"), agent("blue")],
    /row r: turn 3 does not survive .*: the system's text is left out/,
  ],
  ["llama-2", [user("go"), user("on"), agent("red")], /row r: the chat template refuses .*: .*alternate/],
  ["llama-2", [system(""), user("go"), agent("red")], /row r: turn 1 does not survive .*: .* is changed/],
];
for (const [name, turns, reason] of refused)
  test(`${name}: ${JSON.stringify(turns.map((t) => t.content))} is refused with row and turn`, () => {
    assert.throws(() => tokenRow(trajectory("r", turns), tokenizer(name)), reason);
  });

test("a template that writes a turn in other words is refused", () => {
  const loud = under(
    "{% for m in messages %}<s>{{ m.content | upper }}</s>{% endfor %}{% if add_generation_prompt %}<s>{% endif %}",
  );
  assert.throws(
    () => tokenRow(trajectory("r", [user("go"), agent("red")]), loud),
    /row r: turn 1 does not survive .*: the user's text is changed/,
  );
});

test("a template whose prompt depends on what was said is refused at the turn where it reads otherwise", () => {
  const hushed = under(
    "{{ bos_token }}{% for m in messages %}[{{ m.role }}] {{ m.content }}{{ eos_token }}{% endfor %}" +
      "{% if add_generation_prompt %}{% if '/hush' in messages[-1].content %}[quiet] {% endif %}[assistant] {% endif %}",
  );
  const turns = [user("one /hush"), agent("two"), user("three"), agent("four")];
  assert.throws(
    () => tokenRow(trajectory("r", turns), hushed),
    /row r: turn 2 does not survive .*: the prompt before it reads otherwise/,
  );
  assert.ok(tokenRow(trajectory("r", turns.slice(2)), hushed));
});
