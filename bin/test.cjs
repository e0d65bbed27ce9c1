"use strict";
/**
 * Types, lint, and every test: npm test [-- PATTERN…]
 *
 * A pattern keeps the checks whose name contains it: `types`, `lint`, or a test file's path. Prints a line a file and
 * failures in full, and ends with `N passed, N failed[, N skipped]`; types and lint count as one each.
 */
const { spawnSync } = require("node:child_process");
const { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, relative } = require("node:path");
const { root } = require("./bootstrap.cjs");
const { environment } = require("./environment.cjs");

/** A command that passes or fails as one: its output is shown where it fails. */
function tool(name, program, args, missing = null) {
  const run = () => {
    if (missing) {
      console.log(`skipped ${name}: ${missing}`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    const started = performance.now();
    const done = spawnSync(process.execPath, [join(root, "node_modules", program), ...args], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const passed = done.status === 0;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${passed ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
    if (!passed) console.log(`${done.stdout}${done.stderr}`.trimEnd());
    return { passed: Number(passed), failed: Number(!passed), skipped: 0 };
  };
  return { name, run };
}

/**
 * Test files under node's runner; the reporter prints while they run and leaves its counts in a file. What tests write
 * to the temporary folder goes when they end.
 */
function runFiles(files, concurrency) {
  const folder = mkdtempSync(join(tmpdir(), "agentbank-test-"));
  const totals = join(folder, "totals.json");
  try {
    const done = spawnSync(
      process.execPath,
      [
        ...["--require", "ts-node/register", "--test", `--test-concurrency=${concurrency}`],
        `--test-reporter=${join(__dirname, "test-reporter.cjs")}`,
        "--test-reporter-destination=stdout",
        ...files,
      ],
      {
        cwd: root,
        stdio: "inherit",
        env: { ...environment(), TMPDIR: folder, AGENTBANK_TEST_TOTALS: totals },
      },
    );
    const counts = JSON.parse(readFileSync(totals, "utf8"));
    // A runner that fails without a failed test has itself broken down.
    return done.status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const testFiles = readdirSync(join(root, "tests"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
  .sort();

const patterns = process.argv.slice(2);
const chosen = (name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern));
// The lock file has biome for Linux with glibc alone.
const biome = join(root, "node_modules", "@biomejs", `cli-${process.platform}-${process.arch}`, "biome");
const tools = [
  tool("types", "typescript/bin/tsc", ["--noEmit"]),
  tool(
    "lint",
    "@biomejs/biome/bin/biome",
    ["check", "."],
    existsSync(biome) ? null : "biome has no build here",
  ),
].filter(({ name }) => chosen(name));
const files = testFiles.filter(chosen);
// Notebooks run whole programs that use every core: last, and one at a time.
const isNotebook = (file) => file.startsWith(join("tests", "notebooks"));
const groups = [
  { files: files.filter((file) => !isNotebook(file)), concurrency: 2 },
  { files: files.filter(isNotebook), concurrency: 1 },
].filter((group) => group.files.length > 0);

if (tools.length + files.length === 0) {
  console.error(
    `no check is called ${patterns.join(" or ")}; known: types, lint, and the files under tests/`,
  );
  process.exit(2);
}

const counts = [...tools.map(({ run }) => run()), ...groups.map((g) => runFiles(g.files, g.concurrency))];
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
