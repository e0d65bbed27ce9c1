/**
 * What a cell prints and shows, on its way to the front end. Text that is written in one go travels in one message:
 * a message a line would be a hundred times slower.
 */
import { inspect } from "node:util";
import * as tslab from "tslab/dist/jupyter";

type Publish = (type: string, content: object) => void;

/** Where lib/util/display.ts looks for the kernel, and how it marks what it gives back. */
const DISPLAY = Symbol.for("agentbank.display");
const MOST_AT_ONCE = 1 << 16;

export interface Output {
  /** Shows the value of a cell's last expression, unless it is null, undefined, or what `display` has shown. */
  result(value: unknown, count: number): void;
  /** Sends the text that waits. */
  flush(): void;
}

/**
 * Takes over this process's stdout and stderr, the kit's `display` and tslab's. What is written after a cell has
 * ended goes, as in IPython, to the latest cell.
 */
export function captureOutput(publish: Publish): Output {
  let waiting: { name: string; text: string } | null = null;
  const flush = () => {
    if (waiting) publish("stream", waiting);
    waiting = null;
  };
  const write = (name: string, text: string) => {
    if (waiting?.name === name && waiting.text.length < MOST_AT_ONCE) {
      waiting.text += text;
      return;
    }
    flush();
    waiting = { name, text };
    setImmediate(flush);
  };
  const show = (content: object, update: boolean) => {
    flush();
    publish(update ? "update_display_data" : "display_data", content);
  };

  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new TextDecoder();
    process[name].write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      write(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
      const done = rest.find((argument) => typeof argument === "function");
      if (done) process.nextTick(done as () => void);
      return true;
    };
  }
  Object.assign(globalThis, { [DISPLAY]: show });
  // tslab's own `display` and `newDisplay` write here.
  Object.assign(tslab, { lastWriteDisplayData: show });

  return {
    flush,
    result(value, count) {
      if (value === null || value === undefined) return;
      if (typeof value === "object" && DISPLAY in value) return;
      flush();
      publish("execute_result", {
        data: { "text/plain": typeof value === "string" ? value : inspect(value) },
        metadata: {},
        execution_count: count,
      });
    },
  };
}
