import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCall } from "../../lib/envs/call";

test("a call is read back, whatever its argument holds", () => {
  const name = fc.string({ unit: fc.constantFrom(..."abcxyz"), minLength: 1 });
  const argument = fc.string({ unit: fc.constantFrom(..."ab1[]()\n ,'") });
  fc.assert(
    fc.property(name, argument, (name, argument) => {
      assert.deepEqual(parseCall(` ${name.toUpperCase()} [${argument}]\n`), {
        name,
        argument: argument.trim(),
      });
    }),
  );
});

test("anything else is no call", () => {
  for (const text of [
    "",
    "search",
    "search[x",
    "search]x[",
    "two words[x]",
    "[x]",
    "search[x] then",
    "finish(x)",
  ])
    assert.equal(parseCall(text), null, text);
});
