/** Runs in processes of this machine. */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { gpusOf } from "./device";
import type { Outcome, Pool } from "./pool";
import type { RunSpec } from "./spec";
import type { WorkerReply } from "./worker";
import { THREADS, workerCommand } from "./worker-command";

/**
 * Processes that stay for the next run, each on one thread; one run at a time computes on the machine's GPUs.
 *
 * @param size default: the machine's cores
 */
export function localPool(size = availableParallelism()): Pool {
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  let onGpu = 0;

  return {
    size,
    accepts: (spec) => onGpu === 0 || gpusOf(spec) === 0,
    async run(spec, onNote) {
      const needsGpu = gpusOf(spec) > 0;
      if (needsGpu) onGpu++;
      const worker = idle.pop() ?? start();
      all.add(worker);
      const outcome = await send(worker, spec, onNote);
      if (needsGpu) onGpu--;
      if (worker.connected) idle.push(worker);
      else all.delete(worker);
      return outcome;
    },
    async close() {
      for (const worker of all) worker.kill();
    },
  };
}

function start(): ChildProcess {
  const { execArgv, file } = workerCommand();
  return fork(file, [], { execArgv, env: { ...process.env, ...THREADS } });
}

function send(worker: ChildProcess, spec: RunSpec, onNote: (note: string) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome) => {
      worker.off("message", onMessage).off("exit", onExit);
      resolve(outcome);
    };
    const onExit = (code: number | null, signal: string | null) =>
      settle({ kind: "died", message: `its process ended early (${signal ?? `exit code ${code}`})` });
    const onMessage = (reply: WorkerReply) => {
      if (reply.kind === "progress") onNote(reply.note);
      else settle(reply);
    };
    worker.on("message", onMessage).on("exit", onExit);
    worker.send(spec);
  });
}
