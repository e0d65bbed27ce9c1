"use strict";
/**
 * The parts that must be there before any of the kit's own TypeScript can run: Node, the npm packages, the compiled
 * lib. Plain JavaScript without dependencies for that reason; the other parts are in lib/setup/, of the same shape
 * (`Part` in lib/setup/part.ts).
 */
const { spawnSync } = require("node:child_process");
const { existsSync, readFileSync, readdirSync, statSync, utimesSync } = require("node:fs");
const { basename, join } = require("node:path");

const root = join(__dirname, "..");
const nodeModules = join(root, "node_modules");

/**
 * Runs a command to its end, in the repository unless told otherwise. The error of one that fails gives its last
 * complaint in the first line and the end of its output below.
 */
function execute(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (done.error) throw done.error;
  if (done.status === 0) return;
  const lines = `${done.stdout}\n${done.stderr}`.trim().split("\n");
  const complaint = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
  const output = lines.slice(-60).join("\n");
  const failure = new Error(
    `${[basename(command), ...args.slice(0, 2)].join(" ")} failed: ${complaint.trim()}\n${output}`,
  );
  throw Object.assign(failure, { status: done.status, output });
}

/**
 * Adds the parts that are missing, wanted and can be added, and tells what it does with its duration. A part that
 * cannot be added costs one line, with its fallback. Gives the number of required parts that are still missing.
 */
function addParts(parts, { quiet = false, gpu = false } = {}) {
  let missing = 0;
  for (const part of parts) {
    if (!part.install || part.wanted?.({ gpu }) === false) continue;
    const { found, detail } = part.check();
    if (found && !quiet) console.log(`${part.name}: ${detail}`);
    if (found) continue;
    console.log(`${part.name}: ${detail}; adding it …`);
    const started = performance.now();
    try {
      part.install();
      console.log(`${part.name}: added in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    } catch (error) {
      if (part.required) missing += 1;
      // A required part shows all it knows; for the others one line is enough to go on without.
      const reason = part.required ? error.message : error.message.split("\n")[0];
      const without = part.required ? "" : `; without it: ${part.fallback}`;
      console.error(`${part.name}: not added: ${reason}${without}; to add it: ${part.remedy}`);
    }
  }
  return missing;
}

/** The modification time of the newest .ts file or folder under `folder`: a deleted file counts by its folder. */
function newest(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((time, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return Math.max(time, newest(path));
    return entry.name.endsWith(".ts") ? Math.max(time, statSync(path).mtimeMs) : time;
  }, statSync(folder).mtimeMs);
}

const node = {
  name: "node",
  purpose: "runs everything",
  required: true,
  fallback: "none",
  remedy: "install Node 20.19 or newer from https://nodejs.org",
  check() {
    const [major, minor] = process.versions.node.split(".").map(Number);
    return { found: major > 20 || (major === 20 && minor >= 19), detail: process.versions.node };
  },
};

/** Package versions by folder, from a lock file. */
const readLock = (path) => JSON.parse(readFileSync(path, "utf8")).packages;

/**
 * The folders whose package is not of the version that is locked. An optional one may be absent: it is for another
 * platform. npm keeps a lock file of what it has installed, so that no stamp is needed and `npm install X` counts.
 */
function unlike(installed, locked) {
  const differs = ([folder, { version, optional }]) =>
    folder !== "" && installed[folder]?.version !== version && !(optional && !installed[folder]);
  return Object.entries(locked)
    .filter(differs)
    .map(([folder]) => folder);
}

const packages = {
  name: "npm packages",
  purpose: "libraries that the kit stands on",
  required: true,
  fallback: "none",
  remedy: "npm ci --ignore-scripts",
  check() {
    const record = join(nodeModules, ".package-lock.json");
    if (!existsSync(record)) return { found: false, detail: "not installed" };
    const wrong = unlike(readLock(record), readLock(join(root, "package-lock.json")));
    if (wrong.length === 0) return { found: true, detail: "as in package-lock.json" };
    return { found: false, detail: `${wrong.length} not as in package-lock.json (${wrong[0]}, …)` };
  },
  install() {
    execute("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  },
};

const buildInfo = join(root, "dist", ".tsbuildinfo");

const compiled = {
  name: "compiled lib",
  purpose: "notebooks and the command line start quickly from it",
  required: true,
  fallback: "none",
  remedy: "npm run build",
  check() {
    if (!existsSync(buildInfo)) return { found: false, detail: "not compiled yet" };
    const built = statSync(buildInfo).mtimeMs;
    if (built >= newest(join(root, "lib"))) return { found: true, detail: "dist/ is up to date" };
    return { found: false, detail: "sources are newer than dist/" };
  },
  install() {
    const started = new Date();
    try {
      execute(process.execPath, [join(nodeModules, "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"]);
    } catch (error) {
      // With 2, tsc has found errors and written the JavaScript all the same: a broken type stops nobody from working.
      if (error.status !== 2) throw error;
      console.error(error.output);
    }
    // tsc leaves the file alone where nothing that matters has changed; the time says when that was last known.
    utimesSync(buildInfo, started, started);
  },
};

module.exports = { root, execute, addParts, unlike, node, packages, compiled };
