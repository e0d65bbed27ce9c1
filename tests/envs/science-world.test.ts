import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { scienceWorld, toReward } from "../../lib/envs/science-world";
import { scienceWorldBridge, scienceWorldMissing, startBridge } from "../../lib/envs/science-world/bridge";
import { findProgram } from "../../lib/setup/run";
import { sha256 } from "../../lib/util/hash";

const skip = scienceWorldMissing() ?? false;

interface Expected {
  task: string;
  variation: number;
  steps: [action: string, score: number, done: boolean, digest: string][];
}
const expected: Expected[] = JSON.parse(
  readFileSync(join(__dirname, "..", "fixtures", "science-world.json"), "utf8"),
);

after(async () => {
  if (!skip) await (await scienceWorldBridge()).stop();
});

test("points are rewards, and a task that has failed earns nothing", () => {
  assert.deepEqual([100, 37, 0, -100].map(toReward), [1, 0.37, 0, 0]);
});

test("every score, end and observation is that of ScienceWorldEnv.step", { skip }, async () => {
  const bridge = await scienceWorldBridge();
  let steps = 0;
  for (const { task, variation, steps: attempt } of expected) {
    const { episode } = await bridge.open({ task, variation, simplifications: "easy", gold: false });
    for (const [i, [action, score, done, digest]] of attempt.entries()) {
      const result = await bridge.step(episode, action);
      assert.deepEqual(
        [result.score, result.done, sha256(result.observation).slice(0, 12)],
        [score, done, digest],
        `${task} ${variation}, step ${i}: ${action}`,
      );
      steps++;
    }
    await bridge.close(episode);
  }
  assert.ok(steps > 150);
});

test("episodes in turn and all at once are the same, word for word", { skip }, async () => {
  const played = expected.filter(({ steps }) => steps.length > 10).slice(0, 4);
  const open = (e: Expected) =>
    scienceWorld({ task: e.task, variation: e.variation, simplifications: "easy" });
  const alone: string[][] = [];
  for (const episode of played) {
    const environment = open(episode);
    const heard = [await environment.reset()];
    for (const [action] of episode.steps.slice(0, 12))
      heard.push((await environment.step(action)).observation);
    await environment.close();
    await environment.close();
    alone.push(heard);
  }
  const environments = played.map(open);
  const together = await Promise.all(environments.map(async (environment) => [await environment.reset()]));
  for (let i = 0; i < 12; i++)
    for (const [k, episode] of played.entries()) {
      const action = episode.steps[i]?.[0];
      if (action !== undefined) together[k]!.push((await environments[k]!.step(action)).observation);
    }
  for (const environment of environments) await environment.close();
  assert.deepEqual(together, alone);
});

test("what there is not is told, and the simulator goes on", { skip }, async () => {
  const bridge = await scienceWorldBridge();
  const open = (task: string, variation: number, simplifications = "easy") =>
    bridge.open({ task, variation, simplifications, gold: false });
  await assert.rejects(open("boyl", 0), /unknown ScienceWorld task: "boyl"; known: boil, /);
  await assert.rejects(open("boil", 30), /no variation 30 of boil: it has 30/);
  await assert.rejects(bridge.step(999, "wait"), /no open episode 999/);
  const { episode } = await open("boil", 0);
  for (const action of ["a\nb", "\u0000", "x".repeat(10_000), "日本"])
    assert.notEqual((await bridge.step(episode, action)).observation, "");
  await bridge.close(episode);
});

test("the JVM keeps nothing of an episode that is closed", { skip }, async (t) => {
  if (!findProgram("jcmd")) return t.skip("no jcmd here: a JDK brings it, a JRE does not");
  const bridge = await scienceWorldBridge();
  const isJava = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("java\0");
  const java = String(descendants(process.pid).find(isJava));
  /** Simulators that are alive after a collection. */
  const living = () => {
    const histogram = execFileSync("jcmd", [java, "GC.class_histogram"], { encoding: "utf8" });
    return Number(/(\d+) +\d+ +scienceworld\.runtime\.pythonapi\.PythonInterface/.exec(histogram)![1]);
  };
  const before = living();
  const { episode } = await bridge.open({
    task: "boil",
    variation: 0,
    simplifications: "easy",
    gold: false,
  });
  assert.equal(living(), before + 1);
  await bridge.close(episode);
  assert.equal(living(), before);
});

test("a simulator that is stopped ends its JVM, and says that it has ended", { skip }, async () => {
  const before = descendants(process.pid).length;
  let ended = false;
  const bridge = await startBridge(() => {
    ended = true;
  });
  assert.ok(descendants(process.pid).length >= before + 2, "Python and Java");
  await bridge.stop();
  await until(() => descendants(process.pid).length <= before);
  assert.equal(ended, true);
  await assert.rejects(bridge.step(0, "wait"), /the simulator has ended/);
  await bridge.close(0);
});

test("no Python and no JVM outlives its process, even a killed one", { skip }, async () => {
  const program = `require("./lib/envs/science-world/bridge").scienceWorldBridge().then(async (b) => {
    await b.open({ task: "boil", variation: 0, simplifications: "easy", gold: false });
    console.log("up"); setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ["--require", "ts-node/register", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const running = descendants(child.pid!);
  assert.ok(running.length >= 2, "Python and Java");
  child.kill("SIGKILL");
  await until(() => running.every((pid) => !alive(pid)));
});

test("a process whose work is done is not kept alive by the simulator", { skip }, async () => {
  const program = `require("./lib/envs/science-world").scienceWorld(
    { task: "boil", variation: 0, simplifications: "easy" }).reset()`;
  const child = spawn(process.execPath, ["--require", "ts-node/register", "-e", program], {
    stdio: "inherit",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  assert.equal(await new Promise((resolve) => child.once("exit", resolve)), 0);
  clearTimeout(timer);
});

/** The processes that a process started, and those started; zombies are none. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    const parent = status(pid)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = (pid: number): number[] => (children.get(pid) ?? []).flatMap((c) => [c, ...found(c)]);
  return found(root).filter(alive);
}

function alive(pid: number): boolean {
  const state = status(pid)?.state;
  return state !== undefined && state !== "Z";
}

function status(pid: number): { state: string; parent: number } | null {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return { state: state!, parent: Number(parent) };
  } catch {
    return null; // it has ended since
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(holds());
}
