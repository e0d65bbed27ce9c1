/** A checkpoint behind a server of another program's, vLLM for one: started for its runs, and ended with them. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../util/errors";
import type { LanguageModel } from "./client";
import { openaiModel } from "./openai";

const RETRY_MS = 250;
/** Loading billions of weights from a slow disk takes minutes. */
const PATIENCE_MS = 30 * 60_000;
const TOLD_LINES = 8;

export interface ServedOptions {
  /** What starts the server, on this machine's own address: `vllm serve {folder} --host 127.0.0.1 --port {port}`. */
  command: string;
  /** What artefacts call the model. */
  name: string;
}

/** The command's words with the folder and the port in place. Throws InputError where it names either nowhere. */
export function serverCommand(command: string, folder: string, port: number): string[] {
  const lacking = ["{folder}", "{port}"].filter((part) => !command.includes(part));
  if (lacking.length > 0) throw new InputError(lacking.map((part) => `server: no ${part} in "${command}"`));
  const words = command.split(/\s+/).filter((word) => word !== "");
  return words.map((word) => word.replaceAll("{folder}", folder).replaceAll("{port}", String(port)));
}

/**
 * Starts the server and waits until it answers; `close` ends every process of it, and so does the end of this one.
 *
 * @throws InputError where it cannot be started, or ends before it answers, with the last lines that it wrote
 */
export async function servedModel(folder: string, { command, name }: ServedOptions): Promise<LanguageModel> {
  const port = await freePort();
  const [program, ...words] = serverCommand(command, folder, port);
  const child = spawn(program!, words, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => endGroup(child);
  process.once("exit", end);
  const said: string[] = [];
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (text: Buffer) => {
      said.push(...String(text).split("\n").filter(Boolean));
      said.splice(0, said.length - TOLD_LINES);
    });
  let gone: string | null = null;
  child.once("error", (error) => {
    gone = error.message;
  });
  child.once("close", (code, signal) => {
    gone ??= signal ?? `exit code ${code}`;
  });

  const baseURL = `http://127.0.0.1:${port}/v1`;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const model = await served(baseURL);
    if (model !== null) {
      // The address has a port that is another every time: the model goes by the name that was asked for.
      const close = () => {
        process.off("exit", end);
        end();
      };
      return { ...openaiModel({ model, baseURL }), name, close };
    }
    if (gone !== null || Date.now() > deadline) {
      end();
      throw new InputError(
        [`server: "${command}" ended before it answered (${gone ?? "too slow"})`, ...said].join("\n"),
      );
    }
    await sleep(RETRY_MS);
  }
}

/** What the server calls its model; null while it does not answer. */
async function served(baseURL: string): Promise<string | null> {
  try {
    const reply = await fetch(`${baseURL}/models`);
    const { data } = (await reply.json()) as { data: { id: string }[] };
    return data[0]!.id;
  } catch {
    return null;
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of them are gone.
  }
}

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
