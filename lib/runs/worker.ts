/**
 * A process that executes the runs it is sent, one after the other, and ends with its parent. Runs have processes of
 * their own so that a sweep uses every core and a run that dies costs only itself.
 *
 * Forked by node it speaks over node's own channel. Started by another program it reads specs, each a line of JSON, and
 * answers in lines of JSON, and ends when its input does.
 */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { writeAtomic } from "../util/files";
import { execute } from "./execute";
import type { RunSpec } from "./spec";
import { runFolder } from "./store";

export type WorkerReply =
  | { kind: "progress"; note: string }
  | { kind: "done" }
  | { kind: "failed"; message: string };

async function carryOut(spec: RunSpec, reply: (message: WorkerReply) => void): Promise<void> {
  try {
    await execute(spec, (note) => reply({ kind: "progress", note }));
    reply({ kind: "done" });
  } catch (error) {
    // The stack stays with the run; the message is what whoever asked for it reads.
    const stack = error instanceof Error ? error.stack : error;
    writeAtomic(join(runFolder(spec), "error.txt"), `${stack}\n`);
    reply({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

if (process.send) {
  process.on("disconnect", () => process.exit(1));
  process.on("message", (spec: RunSpec) => carryOut(spec, (message) => process.send?.(message)));
} else {
  const say = (message: WorkerReply) => process.stdout.write(`${JSON.stringify(message)}\n`);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => carryOut(JSON.parse(line), say));
  lines.once("close", () => process.exit(1));
}
