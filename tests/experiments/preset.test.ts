import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { loadPreset, presetNames } from "../../lib/experiments/preset";
import { InputError } from "../../lib/util/errors";
import { ROOT } from "../../lib/util/files";

const write = (content: unknown) => {
  const path = join(mkdtempSync(join(tmpdir(), "preset-")), "own.yaml");
  writeFileSync(path, typeof content === "string" ? content : stringify(content));
  return path;
};
const smoke = () => parse(readFileSync(join(ROOT, "configs", "smoke.yaml"), "utf8"));

test("every preset of the kit loads under its own name", () => {
  assert.ok(presetNames().includes("mini") && presetNames().includes("smoke"));
  for (const name of presetNames()) assert.equal(loadPreset(name).name, name);
});

test("a preset with three faults tells all three, each with its place", () => {
  const faulty = smoke();
  faulty.data.train = -1;
  faulty.data.tasks.push("gsm9k");
  faulty.sedes = [0];
  assert.throws(
    () => loadPreset(write(faulty)),
    (error: InputError) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.faults.length, 3, error.message);
      assert.match(error.message, /data\.train: /);
      assert.match(error.message, /data\.tasks\.\d: unknown task: "gsm9k"; known: .*gsm8k/);
      assert.match(error.message, /sedes/);
      return true;
    },
  );
});

test("an unknown preset and a file that is no YAML are input errors", () => {
  assert.throws(() => loadPreset("medium"), /unknown preset: "medium"; known: .*mini/);
  assert.throws(() => loadPreset(write("data: [")), InputError);
});

test("an experiment without a budget of its own trains for the preset's", () => {
  assert.equal(loadPreset("smoke").experiments.generalistRatio.budget, undefined);
});
