import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AnnotateSpec } from "../../lib/runs/spec";

/** An endpoint that answers thoughts once it is told to, and till then keeps everybody waiting. */
export async function sleepyEndpoint(): Promise<{
  /** A teacher whose annotation hangs until then; nobody has asked it anything before. */
  teacher: AnnotateSpec["teacher"];
  wake(): void;
  close(): void;
}> {
  let awake = false;
  const server = createServer((request, response) => {
    request.resume();
    if (!awake) return;
    const content = Array.from({ length: 12 }, (_, i) => `Thought ${i + 1}: so it goes`).join("\n");
    const body = { choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    teacher: { kind: "openai", model: `m-${process.pid}-${Date.now()}`, baseURL },
    wake: () => {
      awake = true;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
