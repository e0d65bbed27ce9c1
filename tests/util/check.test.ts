import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { check } from "../../lib/util/check";
import { checkAll, InputError } from "../../lib/util/errors";

const schema = z.strictObject({
  size: z.int(),
  until: z.union([z.strictObject({ steps: z.int() }), z.strictObject({ epochs: z.int() })]).optional(),
});
const faultsOf = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.faults;
    throw error;
  }
  return [];
};

test("every fault comes with its place, and of a union what its forms ask for", () => {
  assert.deepEqual(check(schema, { size: 2, until: { steps: 3 } }), { size: 2, until: { steps: 3 } });
  const faults = faultsOf(() => check(schema, { size: "2", until: { step: 3 }, colour: "red" }));
  assert.equal(faults.length, 3);
  assert.match(faults[0]!, /^size: .*expected number, received string/);
  assert.match(faults[1]!, /^until: .*steps: .*"step".*epochs: /);
  assert.match(faults[2]!, /"colour"/);
  assert.deepEqual(
    faultsOf(() => check(schema, { size: 1, until: "long" })),
    ["until: Invalid input: expected object, received string"],
    "what all forms say is said once",
  );
});

test("the faults of several checks are thrown as one; a bug is thrown as it is", () => {
  const bad = (fault: string) => () => {
    throw new InputError([fault, `${fault}!`]);
  };
  assert.deepEqual(
    faultsOf(() => checkAll(bad("a"), () => {}, bad("b"))),
    ["a", "a!", "b", "b!"],
  );
  assert.throws(
    () =>
      checkAll(bad("a"), () => {
        throw new TypeError("bug");
      }),
    TypeError,
  );
});
