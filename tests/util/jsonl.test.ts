import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { appendJsonl, type Row, readJsonl, writeJsonl } from "../../lib/util/jsonl";

const folder = mkdtempSync(join(tmpdir(), "jsonl-"));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

async function rows(path: string): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of readJsonl(path)) all.push(row);
  return all;
}

test("what is written and appended is read back, whatever the values", async () => {
  const values = fc.array(fc.jsonValue(), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(values, values, async (first, second) => {
      writeJsonl(file("a.jsonl"), first);
      appendJsonl(file("a.jsonl"), ...second);
      const expected = [...first, ...second].map((v, i) => ({
        line: i + 1,
        value: JSON.parse(JSON.stringify(v)),
      }));
      assert.deepEqual(await rows(file("a.jsonl")), expected);
    }),
    { numRuns: 50 },
  );
  assert.deepEqual(readdirSync(folder), ["a.jsonl"], "no temporary file is left behind");
});

test("a line larger than the stream's buffer, and a raw U+2028, stay one row", async () => {
  const long = `é\u2028${"x".repeat(300_000)}`;
  writeFileSync(file("long.jsonl"), `{"a":"${long}"}\r\n\n[1]`);
  assert.deepEqual(await rows(file("long.jsonl")), [
    { line: 1, value: { a: long } },
    { line: 3, value: [1] },
  ]);
});

test("every malformed line is told with its number, and the others are read", async () => {
  writeFileSync(file("bad.jsonl"), '{"a":1}\n{"a":\n\nnull\n{"cut sho');
  const read = await rows(file("bad.jsonl"));
  assert.deepEqual(
    read.map((r) => [r.line, r.reason?.startsWith("not JSON: ") ?? false]),
    [
      [1, false],
      [2, true],
      [4, false],
      [5, true],
    ],
  );
});

test("a missing file is an input error", async () => {
  await assert.rejects(rows(file("none.jsonl")), {
    name: "InputError",
    message: /^no such file: .*none\.jsonl$/,
  });
});
