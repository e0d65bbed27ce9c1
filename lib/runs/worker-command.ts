import { extname, join } from "node:path";

/** A run computes on one thread: a sweep uses every core by computing several. */
export const THREADS = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: "1" };

/** How node starts a worker: from source while developing, compiled otherwise, as this process runs. */
export function workerCommand(): { execArgv: string[]; file: string } {
  const extension = extname(__filename);
  const execArgv =
    extension === ".ts" ? ["--require", require.resolve("ts-node/register/transpile-only")] : [];
  return { execArgv, file: join(__dirname, `worker${extension}`) };
}
