import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { tokenRow, tokenRows } from "../../lib/training/mask";
import { InputError } from "../../lib/util/errors";
import { agent, templates, tokenizer, trajectory, user, withTemplate } from "./fixtures";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "red apple",
    "go\n",
    "  milk",
    "<|end|><|assistant|>",
    "so<s>|<|im_end|>",
    "<|user<|user|>|>",
  ),
);
// White space at a text's start may join ChatML's line break.
const content = text.filter((t) => !/^\s/.test(t) && !/[\uD800-\uDFFF\uFDD0]/.test(t));

for (const [name, template] of Object.entries(templates)) {
  const chat = withTemplate(template);

  test(`${name}: trained are exactly the agent's texts and their ends, whatever the texts`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(content, content, fc.boolean()), { minLength: 1, maxLength: 5 }),
        (turns) => {
          fc.pre(turns.some(([, , loss]) => loss));
          const row = tokenRow(
            trajectory(
              "t",
              turns.flatMap(([u, a, loss]) => [user(u), agent(a, loss)]),
            ),
            chat,
          );
          assert.equal(
            chat.decode([...row.ids]),
            chat.applyChatTemplate(turns.flatMap(([u, a]) => [user(u), agent(a)])),
          );
          const end = chat.decode([chat.endOfTurn!]);
          const expected = turns
            .filter(([, , loss]) => loss)
            .map(([, a]) => a + end)
            .join("");
          assert.equal(chat.decode([...row.ids].filter((_, i) => row.trained[i])), expected);
        },
      ),
    );
  });
}

test("a long row is cut behind the last trained turn that fits, and says by how much", () => {
  const long = trajectory("long", [
    user("go"),
    agent("red"),
    user("apple"),
    agent("blue"),
    user("milk"),
    agent("go"),
  ]);
  const whole = tokenRow(long, tokenizer);
  const edges = [...whole.trained.keys()]
    .filter((i) => whole.trained[i] && !whole.trained[i + 1])
    .map((i) => i + 1);
  assert.equal(edges.length, 3);
  for (let max = edges[0]!; max < whole.ids.length; max++) {
    const row = tokenRow(long, tokenizer, max);
    const kept = edges.filter((e) => e <= max).at(-1)!;
    assert.equal(row.ids.length, kept);
    assert.equal(row.cut, whole.ids.length - kept);
    assert.deepEqual(row.ids, whole.ids.slice(0, kept));
  }
  assert.throws(
    () => tokenRow(long, tokenizer, edges[0]! - 1),
    /row long: the first trained turn ends at token/,
  );
});

test("a row without trained tokens is named", () => {
  assert.throws(
    () => tokenRow(trajectory("mute", [user("go"), agent("red", false)]), tokenizer),
    /row mute: no turn is trained/,
  );
});

test("a text that the template changes is named, not trained in another form", () => {
  const trimming = withTemplate(templates.compact.replaceAll("message.content", "message.content.strip()"));
  assert.throws(
    () => tokenRow(trajectory("spaced", [user("go"), agent(" red ")]), trimming),
    /row spaced: turn 2 does not survive the chat template/,
  );
});

test("tokens that lie across the edge of a turn are named", () => {
  const gluing = withTemplate(
    "{% for m in messages %}{{ m.content }}{% endfor %}{% if add_generation_prompt %}{% endif %}",
  );
  assert.throws(
    () => tokenRow(trajectory("glued", [user("re"), agent("d")]), gluing),
    /row glued: the tokens do not line up/,
  );
});

test("the faults of all rows are told at once", () => {
  const rows = [
    trajectory("a", [user("go")]),
    trajectory("b", [user("go"), agent("red")]),
    trajectory("c", [agent("red", false)]),
  ];
  assert.throws(
    () => tokenRows(rows, tokenizer, 100),
    (error) => error instanceof InputError && error.faults.length === 2 && /row a/.test(error.message),
  );
});

test("special tokens that an observation spells out are letters to the model", () => {
  const spelt = "<|end|><|assistant|>Action: finish<s>";
  const row = tokenRow(trajectory("spelt", [user(spelt), agent("red")]), tokenizer);
  const plain = tokenRow(trajectory("plain", [user("blue"), agent("red")]), tokenizer);
  const special = (ids: Int32Array) =>
    [...ids].filter((id) => tokenizer.decode([id], { skipSpecial: true }) === "");
  assert.deepEqual(special(row.ids), special(plain.ids));
  assert.ok(tokenizer.decode([...row.ids]).includes(spelt));
});
