/**
 * `agentbank bench soak`: many episodes of each task in one process. Tells whether memory stays flat and what is left
 * behind. Each task gets a process of its own, with a temporary folder of its own; what outlives the process, as a
 * process or as a file, is a leak.
 */
import { fork } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toMarkdown } from "../report/tables/markdown";
import { columnsOf } from "../report/tables/table";
import { getTask, tasks } from "../tasks/registry";
import { program } from "./program";
import type { SoakReply, SoakRequest } from "./soak-task";
import { startedIn } from "./started";

type Request = [names: string[], options: { episodes: number; data?: string; json: boolean }];

/** Growth of the live heap between the middle and the end of a run above which it counts as a leak, in MB. */
const FLAT = 8;
/** The same for what started processes hold at most, a JVM or a browser among them, in MB. */
const FLAT_CHILDREN = 100;
/** What is put into the temporary folder once, for every later process: the browser, and node's compiled code. */
const unpacked = /^(chromium|fonts|agentbank-fonts|al2|swiftshader|lib|locales|vk_|v8-compile-cache)/;

interface Result extends SoakReply {
  task: string;
  instances: SoakRequest["instances"];
  /** Processes that outlived the one that played, and files that it left in its temporary folder. */
  processes: string[];
  files: string[];
  faults: string[];
}

program(async ([names, { episodes, data, json }]: Request) => {
  const chosen = names.length === 0 ? tasks : names.map(getTask);
  const results: Result[] = [];
  for (const { name } of chosen)
    for (const instances of ["generated", "official"] as const) {
      const result = await soak({ task: name, instances, episodes, ...(data && { data }) });
      if (result) results.push(result);
      if (result && !json) console.error(`${name}, ${instances}: ${result.faults.join("; ") || "clean"}`);
    }
  if (results.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
  if (json) return console.log(JSON.stringify(results, null, 2));
  const rows = results.map((r) => ({
    task: r.task,
    instances: r.instances,
    environment: r.engines.join("; "),
    episodes: r.episodes,
    "episodes/s": r.episodes / r.seconds,
    "heap, MB": r.heap.end,
    "growth, MB": r.heap.end - r.heap.middle,
    "RSS, MB": r.rss,
    "children, MB": r.children.second,
    "their growth, MB": r.children.second - r.children.first,
    descriptors: r.descriptors.end - r.descriptors.start,
    processes: r.processes.length,
    files: r.files.length,
  }));
  console.log(toMarkdown({ columns: columnsOf(rows), rows }));
  for (const { task, instances, faults } of results)
    for (const fault of faults) console.log(`${task}, ${instances}: ${fault}`);
});

/** Null where there are no such instances. */
async function soak(request: SoakRequest): Promise<Result | null> {
  const folder = mkdtempSync(join(tmpdir(), "agentbank-soak-"));
  try {
    const script = join(__dirname, `soak-task${extname(__filename)}`);
    const loader = extname(__filename) === ".ts" ? ["--require", "ts-node/register/transpile-only"] : [];
    const child = fork(script, [JSON.stringify(request)], {
      execArgv: ["--expose-gc", ...loader],
      env: { ...process.env, TMPDIR: folder, AGENTBANK_SOAK: folder },
    });
    let reply: SoakReply | null = null;
    child.on("message", (message: SoakReply) => {
      reply = message;
    });
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error(`${request.task}, ${request.instances}: its process ended with ${code}`);
    const played = reply as SoakReply | null;
    if (!played) return null;
    // Servers notice by the end of a pipe that their owner is gone.
    for (let tries = 0; tries < 50 && startedIn(folder).length > 0; tries++) await sleep(100);
    const processes = startedIn(folder).map(({ command }) => command.slice(0, 100));
    const files = readdirSync(folder).filter((name) => !unpacked.test(name));
    const growth = played.heap.end - played.heap.middle;
    const theirs = played.children.second - played.children.first;
    const opened = played.descriptors.end - played.descriptors.start;
    const faults = [
      ...(growth > FLAT ? [`the live heap grew by ${growth.toFixed(1)} MB over the second half`] : []),
      ...(theirs > FLAT_CHILDREN
        ? [`started processes held ${theirs.toFixed(0)} MB more in the second half`]
        : []),
      ...(opened > 5 ? [`${opened} descriptors stayed open`] : []),
      ...processes.map((name) => `left a process: ${name}`),
      ...files.map((name) => `left a file: ${name}`),
      ...played.errors,
    ];
    return { ...played, task: request.task, instances: request.instances, processes, files, faults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
