#!/usr/bin/env node
"use strict";
/**
 * The command line's entry. Starts itself once more where the environment lacks what must be set before node starts,
 * then runs the compiled program, or the sources where they are newer (AGENTBANK_SOURCE=1 forces that).
 */
const { spawn } = require("node:child_process");
const { join } = require("node:path");
const { environment, isSet } = require("./environment.cjs");

if (isSet() || process.env.AGENTBANK_ENV === "1") run();
else respawn();

function run() {
  const { compiled, packages, root } = require("./bootstrap.cjs");
  if (!packages.check().found) {
    console.error(
      "the npm packages are missing or not those of package-lock.json; to mend it: npm run setup",
    );
    process.exitCode = 2;
    return;
  }
  const fromSource = process.env.AGENTBANK_SOURCE === "1" || !compiled.check().found;
  if (fromSource) {
    process.env.TS_NODE_PROJECT ??= join(root, "tsconfig.json");
    require("ts-node/register");
  }
  const { main } = require(join(root, fromSource ? "lib" : "dist", "cli"));
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

function respawn() {
  const child = spawn(process.execPath, [...process.execArgv, __filename, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...environment(), AGENTBANK_ENV: "1" },
  });
  // The terminal sends Ctrl-C to both; what is sent to this process alone is passed on. Either way the child ends first.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code;
  });
}
