/**
 * A process that executes the runs it is sent, one after the other, and ends with its parent. Runs have processes of
 * their own so that a sweep uses every core and a run that dies costs only itself.
 */
import { join } from "node:path";
import { writeAtomic } from "../util/files";
import { execute } from "./execute";
import type { RunSpec } from "./spec";
import { runFolder } from "./store";

export type WorkerReply =
  | { kind: "progress"; note: string }
  | { kind: "done" }
  | { kind: "failed"; message: string };

process.on("disconnect", () => process.exit(1));
process.on("message", async (spec: RunSpec) => {
  const reply = (message: WorkerReply) => process.send?.(message);
  try {
    await execute(spec, (note) => reply({ kind: "progress", note }));
    reply({ kind: "done" });
  } catch (error) {
    // The stack stays with the run; the message is what whoever asked for it reads.
    writeAtomic(
      join(runFolder(spec), "error.txt"),
      `${error instanceof Error ? error.stack : error}
`,
    );
    reply({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
});
