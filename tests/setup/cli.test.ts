import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../lib/util/files";

const { environment, settings } = require(join(ROOT, "bin", "environment.cjs")) as {
  environment(given?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  settings: Record<string, string>;
};
const entry = join(ROOT, "bin", "agentbank.cjs");
// A bare environment, so that the entry has to start itself again.
const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], AGENTBANK_SOURCE: "1" };
const agentbank = (...args: string[]) =>
  spawnSync(process.execPath, [entry, ...args], { encoding: "utf8", env });

test("the kit's settings are there, and a user's own are left alone", () => {
  assert.deepEqual(environment({}), settings);
  assert.equal(environment({ TF_CPP_MIN_LOG_LEVEL: "0" })["TF_CPP_MIN_LOG_LEVEL"], "0");
});

test("the program runs with the settings that must stand before node starts", () => {
  const print = `process.on("exit", () => console.log(JSON.stringify(process.env)))`;
  const flags = ["--import", `data:text/javascript,${encodeURIComponent(print)}`];
  const done = spawnSync(process.execPath, [...flags, entry, "doctor"], { encoding: "utf8", env });
  const seen = done.stdout.split("\n").filter((line) => line.startsWith("{"));
  for (const [name, value] of Object.entries(settings)) assert.equal(JSON.parse(seen[0]!)[name], value);
});

test("help is told on stdout, with every command in it", () => {
  const { status, stdout } = agentbank("--help");
  assert.equal(status, 0);
  for (const name of ["setup", "doctor", "lab"]) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
});

for (const [args, message] of [
  [["conjure"], /^unknown command: "conjure"; known: setup, doctor, /],
  [["doctor", "--fast"], /^unknown option '--fast'/],
  [["lab", "--port", "eighty"], /^option '--port <n>' argument 'eighty' is invalid\. Not a whole number\./],
] as const)
  test(`wrong input is one message and exit code 2: ${args.join(" ")}`, () => {
    const { status, stdout, stderr } = agentbank(...args);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

test("doctor tells as JSON what it prints", () => {
  const { stdout } = agentbank("doctor", "--json");
  const names = JSON.parse(stdout).map((part: { name: string }) => part.name);
  const printed = agentbank("doctor").stdout;
  for (const name of names) assert.ok(printed.includes(name), name);
});

test("a signal ends the program behind the entry too, and is told to the caller", async () => {
  const child = spawn(process.execPath, [entry, "teacher", "gsm8k", "--count", "1", "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  const [code, signal] = await once(child, "exit");
  assert.ok(signal === "SIGTERM" || code === 0, `${code} ${signal}`);
  // The pipe closes only when the last process that holds it has ended.
  if (!child.stdout.closed) await once(child.stdout, "close");
});
