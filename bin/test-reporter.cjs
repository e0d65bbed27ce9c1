"use strict";
/**
 * A reporter for node's test runner: a line a file, failures in full with what the file printed, skips with their
 * reason. Writes {passed, failed, skipped} to the file named by AGENTBANK_TEST_TOTALS.
 */
const { writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { inspect } = require("node:util");

const indent = (text) => text.trimEnd().replaceAll(/^/gm, "    ");

module.exports = async function* report(events) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  let file = null;

  /** The line of a file that is done, and under it what went wrong or was skipped. */
  function* closeFile() {
    if (!file) return;
    const { name, passed, failed, skipped, notes, output, milliseconds } = file;
    const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
    const state = failed ? "FAILED" : "ok    ";
    yield `${state} ${name}: ${counts.filter(Boolean).join(", ")} (${(milliseconds / 1000).toFixed(1)} s)\n`;
    for (const note of notes) yield `${indent(note)}\n`;
    if (failed && output) yield `  it printed:\n${indent(output)}\n`;
    file = null;
  }

  for await (const { type, data } of events) {
    const isOutput = type === "test:stdout" || type === "test:stderr";
    const isResult = (type === "test:pass" || type === "test:fail") && data.details.type !== "suite";
    if (!isOutput && !isResult) continue;

    const name = relative(process.cwd(), data.file ?? data.name);
    if (file?.name !== name) {
      yield* closeFile();
      file = { name, passed: 0, failed: 0, skipped: 0, notes: [], output: "", milliseconds: 0 };
    }
    if (isOutput) {
      file.output += data.message;
      continue;
    }
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const outcome = skipped ? "skipped" : type === "test:pass" ? "passed" : "failed";
    file[outcome] += 1;
    totals[outcome] += 1;
    if (data.nesting === 0) file.milliseconds += data.details.duration_ms;
    // A file that breaks down outside of its tests is reported under its own path.
    const test = data.name.endsWith(name) ? "outside of its tests" : data.name;
    if (outcome === "failed") file.notes.push(`FAILED ${test}: ${cause(data.details.error)}`);
    if (skipped) file.notes.push(`skipped ${data.name}: ${data.skip || data.todo || "no reason given"}`);
  }
  yield* closeFile();
  writeFileSync(process.env.AGENTBANK_TEST_TOTALS, JSON.stringify(totals));
};

/** The error that the test threw: the runner wraps it in one of its own. */
function cause(wrapped) {
  const error = wrapped.cause ?? wrapped;
  // An assertion's message already shows both values.
  return error.code === "ERR_ASSERTION" ? error.stack : inspect(error);
}
