/** n-gram overlap against HELM's own script: tests/expected/contamination.py made the expected values. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type Overlap, overlapIndex, overlapTokens } from "../../lib/evaluation/contamination";

interface Case {
  tests: { input: string; references: string[] }[];
  documents: string[];
  expected: Record<string, { input: string[][]; references: string[][] }>;
}

const parts = ({ input, references }: Case["tests"][number]) => ({ input: [input], references });

const helm: { tokens: { text: string; tokens: string[] }[]; cases: Case[] } = JSON.parse(
  readFileSync(join(__dirname, "..", "fixtures", "contamination.json"), "utf8"),
);

test("tokens are those of HELM's default tokenizer", () => {
  assert.ok(helm.tokens.length > 100);
  for (const { text, tokens } of helm.tokens)
    assert.deepEqual(overlapTokens(text), tokens, JSON.stringify(text));
});

test("the n-grams that inputs and references share with documents are those of HELM's script", () => {
  let found = 0;
  for (const { tests, documents, expected } of helm.cases) {
    const ns = Object.keys(expected).map(Number);
    const index = overlapIndex(tests.map(parts), ns);
    for (const document of documents) index.add(document);
    for (const n of ns) {
      const overlaps = index.overlaps(n);
      for (const part of ["input", "references"] as const) {
        const texts = overlaps.map((o) => o[part].shared.map((gram) => gram.text).sort(byCodePoint));
        assert.deepEqual(texts, expected[n]![part]);
        if (n === 13) found += texts.flat().length;
      }
    }
  }
  assert.ok(found > 50, "the cases hold long overlaps");
});

/** As Python sorts; JavaScript's own order is that of UTF-16. */
const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const word = fc.constantFrom("a", "b", "c", "d", "A", "e-f", "");
const text = fc
  .array(fc.tuple(word, fc.constantFrom(" ", ", ", "\n")), { maxLength: 14 })
  .map((parts) => parts.flat().join(""));
const tested = fc.record({ input: text, references: fc.array(text, { maxLength: 2 }) });
const documents = fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { maxLength: 6 });

/** By definition, with sets of joined tokens. */
function grams(texts: readonly string[], n: number): Set<string> {
  return new Set(
    texts.flatMap((one) => {
      const tokens = overlapTokens(one);
      return tokens
        .slice(0, Math.max(0, tokens.length - n + 1))
        .map((_, i) => tokens.slice(i, i + n).join(" "));
    }),
  );
}

test("shared n-grams, and the documents that hold each, are those of the definition", () => {
  fc.assert(
    fc.property(
      fc.array(tested, { maxLength: 5 }),
      documents,
      fc.integer({ min: 1, max: 5 }),
      (tests, docs, n) => {
        const index = overlapIndex(tests.map(parts), [n, n + 1]);
        for (const texts of docs) index.add(...texts);
        const held = docs.map((texts) => grams(texts, n));
        const shared = (texts: readonly string[]) =>
          [...grams(texts, n)]
            .map((gram) => ({ text: gram, documents: held.filter((set) => set.has(gram)).length }))
            .filter((gram) => gram.documents > 0);
        assert.deepEqual(
          index.overlaps(n),
          tests.map(({ input, references }) => ({
            input: { grams: grams([input], n).size, shared: shared([input]) },
            references: { grams: grams(references, n).size, shared: shared(references) },
          })),
        );
      },
    ),
  );
});

test("whatever shares a longer n-gram shares a shorter one, in any order of documents", () => {
  fc.assert(
    fc.property(fc.array(tested, { maxLength: 5 }), documents, (tests, docs) => {
      const index = overlapIndex(tests.map(parts), [3, 5]);
      const reversed = overlapIndex(tests.map(parts), [3]);
      for (const texts of docs) index.add(...texts);
      for (const texts of docs.toReversed()) reversed.add(...texts);
      const [short, long] = [index.overlaps(3), index.overlaps(5)];
      assert.deepEqual(reversed.overlaps(3), short);
      for (const [i, { input }] of long.entries())
        for (const gram of input.shared) {
          const within = overlapTokens(gram.text).slice(0, 3).join(" ");
          const found = short[i]!.input.shared.find((g) => g.text === within);
          assert.ok(found && found.documents >= gram.documents, gram.text);
        }
    }),
  );
});

test("a hash that two n-grams share does not make them one", () => {
  // The words are numbered from 1 on, and 256 · 0x01000193 is 103168 modulo 2^32: in the hash of a 2-gram, 256 less in
  // the first word and 103168 more in the second weigh nothing.
  const words = Array.from({ length: 104_000 }, (_, i) => `w${i + 1}`);
  const index = overlapIndex([{ input: [words.join(" ")] }], [2]);
  for (let i = 300; i < 800; i++) index.add(`w${i - 256} w${i + 1 + 103_168}`);
  index.add("w5 w6");
  const [{ input }] = index.overlaps(2) as [{ input: Overlap }];
  assert.equal(input.grams, words.length - 1);
  assert.deepEqual(input.shared, [{ text: "w5 w6", documents: 1 }]);
});

test("an n that makes no n-gram is told, and one that was not asked for", () => {
  assert.throws(() => overlapIndex([], [0]), /at least one token, not 0/);
  assert.throws(() => overlapIndex([], [9, 13]).overlaps(5), /no index of 5-grams; there is one of 9, 13/);
});
