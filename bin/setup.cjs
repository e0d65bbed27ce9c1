"use strict";
/**
 * Adds what is missing: node bin/setup.cjs [--quiet] [--gpu]
 *
 * Runs before anything is installed, so it needs Node alone. Run again, it looks at every part and changes nothing.
 */
const { join } = require("node:path");
const { addParts, compiled, node, packages, root } = require("./bootstrap.cjs");

/** Gives the exit code: 1 where a required part could not be added. */
function setUp(options) {
  const { found, detail } = node.check();
  if (!found) {
    console.error(`node: ${detail} is too old; to mend it: ${node.remedy}`);
    return 1;
  }
  if (addParts([packages], options) > 0 || addParts([compiled], options) > 0) return 1;
  // What follows is TypeScript, and could not be loaded before.
  const { parts } = require(join(root, "dist", "setup", "parts"));
  const rest = parts.filter((part) => part !== packages && part !== compiled);
  return addParts(rest, options) > 0 ? 1 : 0;
}

module.exports = { setUp };

if (require.main === module) {
  const flags = process.argv.slice(2);
  const strange = flags.filter((flag) => flag !== "--quiet" && flag !== "--gpu");
  for (const flag of strange) console.error(`unknown option: "${flag}"; known: --quiet, --gpu`);
  process.exitCode =
    strange.length > 0 ? 2 : setUp({ quiet: flags.includes("--quiet"), gpu: flags.includes("--gpu") });
}
