/** The kernel's side of Jupyter's protocol: sockets, requests in turn, and their replies. */
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { isCompleteCode } from "tslab/dist/converter";
import { version } from "typescript";
import { Publisher, Reply, Router } from "zeromq";
import type { Cells } from "./cells";
import { Interrupted } from "./fault";
import { captureOutput } from "./output";
import { fromPoints, toPoints } from "./points";
import { type Connection, decode, encode, type Message } from "./wire";

const KERNEL_INFO = {
  status: "ok",
  protocol_version: "5.3",
  implementation: "agentbank",
  implementation_version: version,
  banner: `TypeScript ${version}`,
  language_info: {
    name: "typescript",
    version,
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
  },
};

/** Type and content of a reply. */
type Answer = [type: string, content: object];

/** Sends in order, one at a time: ZeroMQ refuses a send while 512 others wait, which is how tslab lost output. */
function sender(socket: Publisher | Router) {
  let last: Promise<void> = Promise.resolve();
  return (frames: (Buffer | string)[]) => {
    last = last.then(() => socket.send(frames));
    return last;
  };
}

/** Serves `cells` to the front end until it asks to shut down. `strays` are errors that no cell has caught. */
export async function serve(connection: Connection, cells: Cells, strays: unknown[]): Promise<void> {
  const { key, transport, ip } = connection;
  const iopub = new Publisher({ sendHighWaterMark: 0 });
  const shell = new Router();
  const control = new Router();
  const stdin = new Router();
  const heartbeat = new Reply();
  await Promise.all([
    iopub.bind(`${transport}://${ip}:${connection.iopub_port}`),
    shell.bind(`${transport}://${ip}:${connection.shell_port}`),
    control.bind(`${transport}://${ip}:${connection.control_port}`),
    stdin.bind(`${transport}://${ip}:${connection.stdin_port}`),
    heartbeat.bind(`${transport}://${ip}:${connection.hb_port}`),
  ]);
  const broadcast = sender(iopub);
  const publish = (parent: Message, type: string, content: object) =>
    broadcast(encode(key, { ...parent, identities: [Buffer.from(type)] }, type, content));

  /** The latest cell's request: outputs belong to it. */
  let current: Message | null = null;
  const output = captureOutput((type, content) => {
    if (current) publish(current, type, content);
  });
  let count = 0;
  /** Requests that were read and have not had their turn, and those turned away because a cell before them failed. */
  const waiting = new Set<Message>();
  const aborted = new WeakSet<Message>();

  async function execute(request: Message): Promise<object> {
    const {
      code,
      silent = false,
      store_history = true,
      stop_on_error = true,
    } = request.content as {
      code: string;
      silent?: boolean;
      store_history?: boolean;
      stop_on_error?: boolean;
    };
    if (aborted.has(request)) return { status: "aborted" };
    // Cells that do not count, such as injected parameters, are cell 0 in tracebacks.
    const cell = silent || !store_history ? 0 : ++count;
    current = request;
    if (!silent) publish(request, "execute_input", { code, execution_count: count });
    try {
      const value = code.trim() === "" ? undefined : await cells.run(code, cell);
      // Rejections that nobody handles show up once the event loop has turned; they fail the cell that is there.
      await turn();
      if (strays.length > 0) throw strays.shift();
      if (!silent) output.result(value, count);
      return { status: "ok", execution_count: count, user_expressions: {}, payload: [] };
    } catch (thrown) {
      const fault = cells.explain(thrown, code, cell);
      for (const stray of strays.splice(0)) {
        process.stderr.write(`${cells.explain(stray, code, cell).traceback.join("\n")}\n`);
      }
      output.flush();
      publish(request, "error", fault);
      if (stop_on_error) {
        // "Run all" has sent the following cells already: read them first, then turn them away.
        await sleep(10);
        for (const next of waiting) aborted.add(next);
      }
      return { status: "error", execution_count: count, ...fault };
    } finally {
      output.flush();
    }
  }

  async function answer(request: Message): Promise<Answer | null> {
    const { code = "", cursor_pos: cursor = 0 } = request.content as { code?: string; cursor_pos?: number };
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return ["kernel_info_reply", KERNEL_INFO];
      case "execute_request":
        return ["execute_reply", await execute(request)];
      case "is_complete_request": {
        const { completed, indent } = isCompleteCode(code);
        return ["is_complete_reply", completed ? { status: "complete" } : { status: "incomplete", indent }];
      }
      case "inspect_request": {
        const data = cells.inspect(code, fromPoints(code, cursor));
        return ["inspect_reply", { status: "ok", found: data !== null, data: data ?? {}, metadata: {} }];
      }
      case "complete_request": {
        const { start, end, candidates } = cells.complete(code, fromPoints(code, cursor));
        const range = { cursor_start: toPoints(code, start), cursor_end: toPoints(code, end) };
        return ["complete_reply", { status: "ok", matches: candidates, ...range, metadata: {} }];
      }
      case "comm_info_request":
        return ["comm_info_reply", { status: "ok", comms: {} }];
      case "history_request":
        return ["history_reply", { status: "ok", history: [] }];
      case "interrupt_request":
        cells.stop(new Interrupted());
        return ["interrupt_reply", { status: "ok" }];
      case "shutdown_request":
        return ["shutdown_reply", { status: "ok", restart: request.content["restart"] === true }];
      default:
        return null;
    }
  }

  /** A fault of the kernel itself: told, so that the front end does not wait for ever. */
  function failed(request: Message, error: Error): Answer {
    const fault = { ename: error.name, evalue: error.message, traceback: [error.stack ?? ""] };
    return [request.header.msg_type.replace("_request", "_reply"), { status: "error", ...fault }];
  }

  async function handle(request: Message, reply: ReturnType<typeof sender>): Promise<void> {
    publish(request, "status", { execution_state: "busy" });
    const replied = await answer(request).catch((error) => failed(request, error));
    if (replied) await reply(encode(key, request, ...replied));
    await publish(request, "status", { execution_state: "idle" });
    if (request.header.msg_type === "shutdown_request") {
      cells.close();
      process.exit(0);
    }
  }

  async function listenShell(): Promise<void> {
    const reply = sender(shell);
    let turns: Promise<void> = Promise.resolve();
    for await (const frames of shell) {
      const request = decode(key, frames);
      waiting.add(request);
      turns = turns.then(() => {
        waiting.delete(request);
        return handle(request, reply);
      });
    }
  }

  async function listenControl(): Promise<void> {
    const reply = sender(control);
    for await (const frames of control) await handle(decode(key, frames), reply);
  }

  async function echo(): Promise<void> {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  }

  await Promise.all([listenShell(), listenControl(), echo()]);
}
