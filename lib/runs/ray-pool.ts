/** Runs as tasks of a Ray cluster, through lib/python/ray_sweep.py. The store is a folder that every machine sees. */
import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { rayMissing, rayPython } from "../setup/ray";
import { InputError } from "../util/errors";
import { cacheFolder, ROOT } from "../util/files";
import { gpusOf } from "./device";
import type { Outcome, Pool } from "./pool";
import { type RunSpec, runId } from "./spec";
import { runsFolder } from "./store";
import type { WorkerReply } from "./worker";
import { THREADS, workerCommand } from "./worker-command";

export interface RayOptions {
  /** Of a cluster that runs already: `127.0.0.1:6379`. Default: one of this machine alone, for this sweep. */
  address?: string;
  /** Runs at once. Default: the cluster's CPUs. */
  workers?: number;
}

export interface RayPool extends Pool {
  /** Of all its machines; `mostGpus` are on one of them. */
  cluster: { nodes: number; cpus: number; gpus: number; mostGpus: number };
}

type Message =
  | { ready: RayPool["cluster"] }
  | { error: string }
  | { id: string; reply: WorkerReply }
  | { id: string; ended: string };

interface Waiting {
  onNote(note: string): void;
  settle(outcome: Outcome): void;
}

/**
 * Connects to the cluster, or starts one. Every machine must have this repository, node and the store at the same
 * paths, and what runs need besides (OPENAI_API_KEY is not handed over) where `ray start` was called.
 *
 * @throws InputError where ray is missing or does not connect
 */
export async function rayPool({ address, workers }: RayOptions = {}): Promise<RayPool> {
  const missing = rayMissing();
  if (missing) throw new InputError(missing);
  const child = spawn(rayPython(), [join(ROOT, "lib", "python", "ray_sweep.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    // Nothing of a sweep is told to Ray's authors.
    env: { ...process.env, RAY_USAGE_STATS_ENABLED: "0", PYTHONUNBUFFERED: "1" },
  });
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (code, signal) => done(signal ?? `exit code ${code}`));
  });
  // Writing to a program that is gone is no error of its own: `ended` tells of it.
  child.stdin!.on("error", () => {});
  const waiting = new Map<string, Waiting>();
  let gone: string | null = null;
  const cluster = await new Promise<RayPool["cluster"]>((ready, refuse) => {
    void ended.then((how) => {
      gone = `ray's program ended (${how})`;
      refuse(new InputError(gone));
      for (const run of waiting.values()) run.settle({ kind: "failed", message: gone });
    });
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const message = JSON.parse(line) as Message;
      if ("ready" in message) ready(message.ready);
      else if ("error" in message) refuse(new InputError(`ray: ${message.error}`));
      else hear(waiting.get(message.id), message);
    });
    tell(child, { address: address ?? null, cpus: workers ?? null });
  });

  return {
    cluster,
    size: workers ?? Math.max(1, Math.floor(cluster.cpus)),
    // Ray itself keeps a task waiting until there are GPUs for it.
    accepts: () => true,
    run: (spec, onNote) =>
      new Promise((settled) => {
        if (gone !== null) {
          settled({ kind: "failed", message: gone });
          return;
        }
        const id = runId(spec);
        waiting.set(id, {
          onNote,
          settle(outcome) {
            waiting.delete(id);
            settled(outcome);
          },
        });
        tell(child, task(spec, cluster.mostGpus));
      }),
    async close() {
      child.stdin!.end();
      await ended;
    },
  };
}

function task(spec: RunSpec, gpus: number) {
  const { execArgv, file } = workerCommand();
  // Settings, but no keys: what is handed to Ray can be read by whoever uses the cluster.
  const own = Object.entries(process.env).filter(
    ([name]) => /^(AGENTBANK_|TF_|MALLOC_)/.test(name) && !/KEY|TOKEN|SECRET/.test(name),
  );
  const places = { AGENTBANK_RUNS: resolve(runsFolder()), AGENTBANK_CACHE: resolve(cacheFolder(".")) };
  return {
    id: runId(spec),
    command: [process.execPath, ...execArgv, file],
    environment: { ...Object.fromEntries(own), ...THREADS, ...places },
    folder: ROOT,
    spec,
    cpus: 1,
    // A cluster without GPUs computes on CPUs what it can.
    gpus: Math.min(gpusOf(spec), gpus),
  };
}

function hear(run: Waiting | undefined, message: { reply: WorkerReply } | { ended: string }): void {
  if (!("reply" in message))
    run?.settle({ kind: "died", message: `its process ended early (${message.ended})` });
  else if (message.reply.kind === "progress") run?.onNote(message.reply.note);
  else run?.settle(message.reply);
}

const tell = (child: ChildProcess, message: object): void =>
  void child.stdin!.write(`${JSON.stringify(message)}\n`);
