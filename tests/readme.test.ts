import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../lib/util/files";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const quickstart = readFileSync(join(ROOT, "lib", "experiments", "quickstart.ts"), "utf8");

test("the README holds the quickstart as it runs, and it stays under 60 lines", () => {
  assert.ok(
    readme.includes(`\`\`\`ts\n${quickstart}\`\`\``),
    "README.md and lib/experiments/quickstart.ts differ",
  );
  assert.ok(quickstart.split("\n").length <= 60);
});

test("the README's tree names every folder of the lib", () => {
  const folders = readdirSync(join(ROOT, "lib"), { withFileTypes: true }).filter((f) => f.isDirectory());
  const missing = folders.map((f) => f.name).filter((name) => !readme.includes(` ${name}/`));
  assert.deepEqual(missing, []);
});

test("every command that the README names exists", () => {
  const known = readdirSync(join(ROOT, "lib", "cli")).map((file) => file.replace(/(-action)?\.ts$/, ""));
  for (const [, name] of readme.matchAll(/agentbank ([a-z-]+)/g))
    assert.ok(known.includes(name!), `agentbank ${name}`);
});
