/** The process that plays: gold and flawed attempts in turn, over a few dozen instances again and again. */
import { readdirSync } from "node:fs";
import { replay } from "../agent";
import { officialFolder } from "../sources/source";
import { getTask } from "../tasks/registry";
import { type Instance, splits, type Task } from "../tasks/task";
import { InputError } from "../util/errors";
import { counted } from "../util/progress";
import { createRng } from "../util/random";
import { memoryOf, startedIn } from "./started";

export interface SoakRequest {
  task: string;
  instances: "generated" | "official";
  episodes: number;
  data?: string;
}

export interface SoakReply {
  episodes: number;
  seconds: number;
  engines: string[];
  /** Live heap after a collection, buffers included, in the middle of the run and at its end, in MB. */
  heap: { middle: number; end: number };
  rss: number;
  /** The most that the processes it started held at once, over the first half of the run and over the second, in MB. */
  children: { first: number; second: number };
  descriptors: { start: number; end: number };
  /** What an episode's environment threw, each message once. */
  errors: string[];
}

const INSTANCES = 50;
/** Milliseconds between two looks at the processes that were started. */
const LOOK = 1000;

async function main(request: SoakRequest): Promise<void> {
  const { episodes } = request;
  const checked = getTask(request.task);
  const instances = await find(checked, request);
  if (instances.length === 0) return;
  const engines = new Set<string>();
  const errors = new Set<string>();
  const task: Task = {
    ...checked,
    async environment(instance) {
      const environment = await checked.environment(instance);
      engines.add(environment.engine ?? "in process");
      return environment;
    },
  };
  const tick = counted(`${request.task}, ${request.instances}`);
  const play = async (number: number) => {
    const instance = instances[number % instances.length]!;
    const gold = number % 2 === 0 ? await task.gold(instance) : null;
    const steps = gold ?? (await task.flawed(instance, createRng(number)));
    const { error } = await replay({ task, instance, steps, shots: 0 });
    if (error) errors.add(`${instance.id}: ${error}`);
    tick(number + 1, episodes);
  };

  const folder = process.env.AGENTBANK_SOAK!;
  /** Plays `from` up to `to`, and gives the most that started processes held meanwhile. */
  const playAll = async (from: number, to: number): Promise<number> => {
    let most = 0;
    let looked = -LOOK;
    for (let i = from; i < to; i++) {
      await play(i);
      if (performance.now() - looked < LOOK) continue;
      looked = performance.now();
      const others = startedIn(folder).filter(({ pid }) => pid !== process.pid);
      const held = others.reduce((sum, { pid }) => sum + memoryOf(pid), 0);
      most = Math.max(most, held);
    }
    return most;
  };

  const warmUp = Math.min(INSTANCES, episodes >> 2);
  await playAll(0, warmUp);
  const descriptors = { start: open(), end: 0 };
  const start = performance.now();
  const middle = (warmUp + episodes) >> 1;
  const children = { first: await playAll(warmUp, middle), second: 0 };
  const heap = { middle: live(), end: 0 };
  children.second = await playAll(middle, episodes);
  const seconds = (performance.now() - start) / 1000;
  heap.end = live();
  descriptors.end = open();
  const rss = process.memoryUsage().rss / 1e6;
  process.send!({
    episodes: episodes - warmUp,
    seconds,
    engines: [...engines],
    heap,
    rss,
    children,
    descriptors,
    errors: [...errors].slice(0, 5),
  } satisfies SoakReply);
}

async function find(task: Task, { instances, data }: SoakRequest): Promise<Instance[]> {
  if (instances === "generated") return task.generate({ split: "train", count: INSTANCES, seed: 0 });
  const found: Instance[] = [];
  for (const split of splits)
    try {
      const report = { fault: () => {} };
      for await (const instance of task.load(data ?? officialFolder(), split, report))
        if (found.push(instance) >= INSTANCES) return found;
    } catch (error) {
      if (!(error instanceof InputError)) throw error; // no such split, or its files are not here
    }
  return found;
}

function live(): number {
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

const open = () => readdirSync("/proc/self/fd").length;

main(JSON.parse(process.argv[2]!) as SoakRequest).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
