import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { loadBackend } from "../../lib/model/backend";
import { loadModel } from "../../lib/model/checkpoint";
import { createLlama, disposeModel } from "../../lib/model/llama";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { exercises } from "../../lib/training/pretrain/exercises";
import { inductionAccuracy } from "../../lib/training/pretrain/induction";
import { readLexicon } from "../../lib/training/pretrain/lexicon";
import { createMaterial, createPage } from "../../lib/training/pretrain/page";
import { readRecipe, totalSteps } from "../../lib/training/pretrain/recipe";
import { pretrainBatch } from "../../lib/training/pretrain/rows";
import { buildTokenizer, SPECIAL } from "../../lib/training/pretrain/vocabulary";
import { hashOf } from "../../lib/util/hash";
import { createRng } from "../../lib/util/random";
import { tinyConfig } from "./fixtures";

const base = join(__dirname, "../../data/base");
const recipe = readRecipe(join(base, "recipe.yaml"));
const lexicon = readLexicon(join(base, recipe.lexicon));
const tokenizer = loadTokenizer(base);
const material = createMaterial(tokenizer, lexicon);
const tokens = Array.from({ length: tokenizer.size - SPECIAL.length }, (_, i) => i + SPECIAL.length);

test("the shipped tokenizer is the one that the lexicon gives, to the byte", () => {
  assert.deepEqual(buildTokenizer(lexicon, recipe.model.vocab_size).files, tokenizer.files);
});

test("numbers to 999 and everyday words are one token each", () => {
  for (let n = 0; n < 1000; n++) assert.equal(tokenizer.encode(String(n)).length, 1);
  for (const word of ["apple", "drawer", "cheaper", "country", "select", "Paris", "Which"])
    assert.equal(tokenizer.encode(` ${word}`).length, 1, word);
});

test("every exercise writes what it says, the same for the same seed, with answers and without a task's layout", () => {
  const layout = /Thought:|Action:|Observation:|search\[|click\[|finish\[|lookup\[|calculate\[/;
  for (const [name, write] of Object.entries(exercises)) {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const page = createPage(material, createRng(seed));
        write(page);
        assert.equal(page.ids.length, page.weights.length);
        assert.ok(name === "sentences" || page.weights.includes(1), `${name} has no answer`);
        const text = tokenizer.decode(page.ids.filter((id) => id >= SPECIAL.length));
        // Strings of random tokens may spell anything, but not by design.
        if (name !== "repeat" && name !== "excerpt") assert.doesNotMatch(text, layout, name);
        const again = createPage(material, createRng(seed));
        write(again);
        assert.deepEqual(again.ids, page.ids);
      }),
      { numRuns: 30 },
    );
  }
});

test("pieces are encoded one by one exactly as the tokenizer encodes the whole", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      fc.pre(!/[\uD800-\uDFFF]/.test(text) && !/<[|sp]/.test(text));
      assert.deepEqual(material.encode(text), tokenizer.encode(text));
    }),
  );
});

test("arithmetic in the exercises is right", () => {
  for (let seed = 0; seed < 50; seed++) {
    const page = createPage(material, createRng(seed));
    exercises["arithmetic"]!(page);
    for (const line of tokenizer.decode(page.ids).trim().split("\n")) {
      const [, a, operator, b, c] = /^(\d+) ?([-+*/]) ?(\d+) ?= ?(\d+)$/.exec(line)!;
      const right = { "+": +a! + +b!, "-": +a! - +b!, "*": +a! * +b!, "/": +a! / +b! }[operator!];
      assert.equal(Number(c), right, line);
    }
  }
});

test("a batch is a function of recipe and step, and its labels are the tokens that follow", () => {
  for (const step of [0, recipe.stages[0]!.steps, totalSteps(recipe) - 1]) {
    const { batch, targets } = pretrainBatch(recipe, material, step);
    assert.deepEqual(pretrainBatch(recipe, material, step).batch.ids, batch.ids);
    assert.equal(batch.ids.length, batch.B * batch.T);
    targets.rows.forEach((at, i) => {
      if (at % batch.T < batch.T - 1) assert.equal(targets.labels[i], batch.ids[at + 1]);
    });
  }
});

test("the shipped base copies: its card tells the accuracy that is measured here", async () => {
  await loadBackend({ threads: 1 });
  const card = JSON.parse(readFileSync(join(base, "card.json"), "utf8"));
  const model = loadModel(base);
  const measured = inductionAccuracy(model, tokens, { strings: 256, seed: 1 });
  assert.ok(
    Math.abs(measured - card.inductionAccuracy) < 0.005,
    `${measured}, on the card ${card.inductionAccuracy}`,
  );
  assert.ok(measured >= 0.9);
  assert.equal(card.recipe, hashOf({ recipe, lexicon }));
  disposeModel(model);
  // The measure itself: a model of random weights copies nothing.
  const random = createLlama(tinyConfig, createRng("random"));
  assert.ok(
    inductionAccuracy(
      random,
      Array.from({ length: 1000 }, (_, i) => i),
    ) < 0.05,
  );
  disposeModel(random);
});
