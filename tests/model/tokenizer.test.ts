/** Expected values are those of `tokenizers` and transformers, written by tests/expected/tokenizer.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type TokenizerJson, trainBpe } from "../../lib/model/bpe-train";
import { CHATML, createTokenizer, loadTokenizer } from "../../lib/model/tokenizer";
import { InputError } from "../../lib/util/errors";

const folder = join(__dirname, "..", "fixtures", "tokenizer");
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const expected = read("expected.json") as {
  vocabSize: number;
  specialTokens: string[];
  texts: string[];
  hard: { text: string; ids: number[]; decoded: string; plain: string }[];
  chats: {
    messages: { role: string; content: string }[];
    text: string;
    prompt: string;
    ids: number[];
    mask: number[];
  }[];
};
const tokenizer = loadTokenizer(folder);

test("the trainer learns the merges that the tokenizers library learns", () => {
  const learned = trainBpe(expected.texts, expected).model;
  const reference = (read("tokenizer.json") as TokenizerJson).model;
  assert.deepEqual(learned.merges, reference.merges);
  assert.deepEqual(learned.vocab, reference.vocab);
});

test("hard texts get transformers' ids, and the ids its text", () => {
  for (const { text, ids, decoded, plain } of expected.hard) {
    assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify(text));
    assert.equal(tokenizer.decode(ids), decoded);
    assert.equal(tokenizer.decode(ids, { skipSpecial: true }), plain);
  }
});

test("conversations get transformers' text and ids", () => {
  for (const { messages, text, prompt, ids } of expected.chats) {
    assert.equal(tokenizer.applyChatTemplate(messages), text);
    assert.equal(tokenizer.applyChatTemplate(messages, { addGenerationPrompt: true }), prompt);
    assert.deepEqual(tokenizer.encode(text), ids);
  }
});

test("the template's generation marks enclose what the assistant says, and its end", () => {
  for (const { messages, ids, mask } of expected.chats) {
    const trained = tokenizer.decode(ids.filter((_, i) => mask[i]));
    const said = messages.filter((m) => m.role === "assistant").map((m) => `${m.content}<|im_end|>`);
    assert.equal(trained, said.join(""));
  }
});

test("special ids are found, that of the end of a turn in the template", () => {
  const { bos, eos, pad, endOfTurn, size } = tokenizer;
  assert.deepEqual(
    { bos, eos, pad, endOfTurn, size },
    { bos: null, eos: 2, pad: 0, endOfTurn: 2, size: 480 },
  );
  const other = createTokenizer(tokenizer.files.tokenizer, {
    eos_token: "<|pad|>",
    chat_template: "{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}",
  });
  assert.deepEqual([other.eos, other.endOfTurn], [0, 2]);
});

test("any text survives the round trip", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assert.equal(tokenizer.decode(tokenizer.encode(text)), text);
    }),
  );
});

test("a literal text has no special token, and loses nothing", () => {
  const part = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("<|im_end|>", "<|im_", "start|>", "<"),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join("");
      const ids = tokenizer.encode(tokenizer.literal(text));
      assert.equal(tokenizer.decode(ids, { skipSpecial: true }), text);
    }),
  );
  assert.deepEqual(tokenizer.encode(tokenizer.literal("go on")), tokenizer.encode("go on"));
});

test("seeds are one token wherever they are a whole pre-token", () => {
  const seedTokens = ["42", "365", " kettle"];
  const seeded = createTokenizer(trainBpe(expected.texts, { ...expected, seedTokens }), {
    chat_template: CHATML,
  });
  for (const seed of seedTokens) assert.equal(seeded.encode(seed).length, 1, seed);
  assert.deepEqual(
    seeded.encode("42 kettle").map((id) => seeded.decode([id])),
    ["42", " kettle"],
  );
  assert.equal(seeded.decode(seeded.encode("1365423 kettles")), "1365423 kettles");
});

test("what cannot be trained or rendered is refused", () => {
  assert.throws(() => trainBpe([], { vocabSize: 200, specialTokens: [] }), InputError);
  assert.throws(
    () => trainBpe([], { vocabSize: 300, specialTokens: [], seedTokens: ["two words"] }),
    /two words/,
  );
  const bare = createTokenizer(tokenizer.files.tokenizer, {});
  assert.throws(() => bare.applyChatTemplate([]), /chat_template/);
  assert.throws(() => loadTokenizer(__dirname), /tokenizer_config\.json: no such file/);
});
