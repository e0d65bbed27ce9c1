import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { readJsonArray } from "../../lib/util/json-array";

const folder = mkdtempSync(join(tmpdir(), "json-array-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "a.json");
const read = (text: string) => {
  writeFileSync(path, text);
  return readJsonArray(path);
};

test("the elements are those of JSON.parse, however the file is indented", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 2, "\t"), (values, indent) => {
      const text = JSON.stringify(values, null, indent);
      assert.deepEqual(
        read(` ${text}\n`).map((row) => (row.reason === undefined ? row.value : row.reason)),
        JSON.parse(text),
      );
    }),
  );
});

test("a row is numbered by the line it starts on, a malformed one too", () => {
  const rows = read('[\n  {"a": "]},\\"\\n"},\n  {\n    "a": 1\n  }, {"a": },\n\n  {"a": 2}\n]\n');
  assert.deepEqual(
    rows.map((r) => [r.line, r.reason === undefined ? r.value : r.reason.slice(0, 8)]),
    [
      [2, { a: ']},"\n' }],
      [3, { a: 1 }],
      [5, "not JSON"],
      [7, { a: 2 }],
    ],
  );
});

test("a file cut short keeps its whole rows and says so", () => {
  const rows = read('[{"a": 1},\n{"a": 2},\n{"a": ');
  assert.deepEqual(
    rows.slice(0, 2).map((r) => r.line),
    [1, 2],
  );
  assert.deepEqual(rows[2], { line: 3, reason: "not JSON: the array is never closed" });
});

test("a file without an array is an input error", () => {
  assert.throws(() => read('{"a": 1}'), /^InputError: .*a\.json:1: not a JSON array of rows$/);
});
