/**
 * The TypeScript kernel: node dist/kernel/launch.js CONNECTION_FILE
 *
 * Cells run with the repository's root as working directory, wherever their notebook lies.
 */
import { readFileSync } from "node:fs";
import { ROOT } from "../util/files";
import { replaceTypeScriptFork } from "./typescript";
import type { Connection } from "./wire";

async function launch(connectionFile: string): Promise<void> {
  const connection: Connection = JSON.parse(readFileSync(connectionFile, "utf8"));
  process.chdir(ROOT);
  // Deep enough that a cell's line is in the stack of an error from far inside the library.
  Error.stackTraceLimit = 50;
  replaceTypeScriptFork();
  // Both load tslab, which must come after.
  const { Interrupted } = await import("./fault.js");
  const { createCells } = await import("./cells.js");
  const { serve } = await import("./server.js");

  const cells = createCells();
  // What no cell has caught fails the cell that is running, or else the next.
  const strays: unknown[] = [];
  const escaped = (error: unknown) => {
    if (!cells.stop(error)) strays.push(error);
  };
  process.on("unhandledRejection", escaped);
  process.on("uncaughtException", escaped);
  process.on("SIGINT", () => cells.stop(new Interrupted()));
  leaveWithParent();
  await serve(connection, cells, strays);
}

/** Jupyter gives its own process id: when that is no longer the parent, nobody is there to end the kernel. */
function leaveWithParent(): void {
  const parent = Number(process.env["JPY_PARENT_PID"]);
  if (parent !== process.ppid) return;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1000).unref();
}

launch(process.argv[2]!).catch((error) => {
  console.error(error);
  process.exit(1);
});
