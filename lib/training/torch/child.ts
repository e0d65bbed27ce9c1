/** The processes of a torch training: started together, heard, and gone together however this process ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Evaluation } from "../held-out";
import type { StepMetrics } from "../loop";

/** A line that lib/python/train_torch.py writes; of any other kind of line a library is the author. */
export type Message =
  | StepMetrics
  | ({ evaluated: number } & Omit<Evaluation, "step">)
  | { saved: string }
  /** The step that ends the training. */
  | { failed: number; error: string }
  | { error: string };

export interface ChildOptions {
  python: string;
  arguments: readonly string[];
  env: NodeJS.ProcessEnv;
  /** What the processes write besides messages goes here; the end of it is told where they fail without a word. */
  log: string;
  onMessage(message: Message): void;
}

const LOG_LINES = 12;

/**
 * Runs to the end. An interrupt, a failure or `onMessage` throwing ends every process of the group; where this process
 * is killed, their standard input ends, which they take as the word to go.
 *
 * @throws Error with what the first process that failed said, or with the end of the log
 */
export async function runChild(options: ChildOptions): Promise<void> {
  const log = openSync(options.log, "w");
  const child = spawn(options.python, options.arguments, {
    env: options.env,
    stdio: ["pipe", "pipe", log],
    // A group of its own, which can be ended as one.
    detached: true,
  });
  closeSync(log);
  let fault: Error | null = null;
  const interrupted = (signal: NodeJS.Signals) => {
    fault ??= new Error(`torch: ended by ${signal}`);
    endGroup(child);
    // Where nobody else hears it, as in a notebook the kernel does, it ends this process as if it had not been heard.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const atExit = () => endGroup(child);
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted).once("exit", atExit);
  try {
    const closed = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const message = parse(line);
      if (!message || fault) return;
      // What the others say once one has failed is that it is gone.
      if ("error" in message && !("failed" in message)) fault = new Error(`torch: ${message.error}`);
      try {
        options.onMessage(message);
      } catch (error) {
        fault = error as Error;
      }
      if (fault) endGroup(child);
    });
    const end = await closed;
    if (fault) throw fault;
    if (end !== "exit code 0")
      throw new Error(`torch ended with ${end}; the last lines of ${options.log}:\n${tail(options.log)}`);
    rmSync(options.log);
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted).off("exit", atExit);
    endGroup(child);
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of them are gone.
  }
}

function parse(line: string): Message | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as Message;
  } catch {
    return null;
  }
}

const tail = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOG_LINES).join("\n");
