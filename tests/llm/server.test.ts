import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { cached } from "../../lib/llm/cached";
import { noUsage } from "../../lib/llm/client";
import { limited } from "../../lib/llm/limited";
import { openaiModel } from "../../lib/llm/openai";
import { serveModel } from "../../lib/llm/server";
import { simulatedModel } from "../../lib/llm/simulated";
import { InputError } from "../../lib/util/errors";

const echo = simulatedModel("echo", (messages, seed) => `${messages.at(-1)!.content}/${seed}`);
let server: Awaited<ReturnType<typeof serveModel>>;
let baseURL: string;

before(async () => {
  server = await serveModel(echo);
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
after(() => server.close());

const ask = (content: string, seed = 0) => ({ messages: [{ role: "user", content } as const], seed });

test("a served model answers the openai package as it answers in the process", async () => {
  const remote = await openaiModel({ model: "echo", baseURL }).complete(ask("hello", 7));
  const local = await echo.complete(ask("hello", 7));
  assert.equal(remote.text, "hello/7");
  assert.equal(remote.usage.promptTokens, local.usage.promptTokens);
  assert.equal(remote.usage.completionTokens, local.usage.completionTokens);
});

test("it streams, and lists itself", async () => {
  const client = new OpenAI({ baseURL, apiKey: "none" });
  const stream = await client.chat.completions.create({
    model: "echo",
    ...ask("hi"),
    messages: [{ role: "user", content: "hi" }],
    stream: true,
  });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  assert.equal(text, "hi/0");
  assert.equal((await client.models.list()).data[0]?.id, "echo");
});

test("malformed requests are answered with what is wrong, and the server lives on", async () => {
  const post = (body: string) => fetch(`${baseURL}/chat/completions`, { method: "POST", body });
  for (const body of ["{", "[]", '{"messages":[]}', '{"messages":[{"role":"robot","content":"x"}]}']) {
    const reply = await post(body);
    assert.equal(reply.status, 400, body);
    assert.ok(((await reply.json()) as { error: { message: string } }).error.message.length > 0);
  }
  assert.equal((await fetch(`${baseURL}/nothing`)).status, 404);
  assert.equal((await post(JSON.stringify(ask("still there")))).status, 200);
});

test("a conversation that does not fit is an answer over HTTP as it is in the process, and asked once", async () => {
  let calls = 0;
  const full = await serveModel({
    ...echo,
    complete: async () => {
      calls++;
      return { text: "", finish: "context", usage: { ...noUsage, calls: 1 } };
    },
  });
  const url = `http://127.0.0.1:${(full.address() as AddressInfo).port}/v1`;
  const answer = await openaiModel({ model: "full", baseURL: url }).complete(ask("much"));
  assert.deepEqual([answer.finish, answer.text, calls], ["context", "", 1]);
  full.close();
});

test("what the model cannot answer is the client's error, and not asked again", async () => {
  let calls = 0;
  const server = await serveModel(
    simulatedModel("choosy", () => {
      calls++;
      throw new InputError("I know nothing of this");
    }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  await assert.rejects(
    openaiModel({ model: "m", baseURL: url }).complete(ask("?")),
    /400 I know nothing of this/,
  );
  assert.equal(calls, 1);
  server.close();
});

test("a body that is too long is refused", async () => {
  const body = JSON.stringify(ask("x".repeat(9 << 20)));
  const reply = await fetch(`${baseURL}/chat/completions`, { method: "POST", body });
  assert.equal(reply.status, 413);
});

test("sustained 429s are waited out, and no key reaches the cache", async () => {
  const { createServer } = await import("node:http");
  let calls = 0;
  const flaky = createServer((_request, response) => {
    if (++calls <= 3) return void response.writeHead(429, { "retry-after-ms": "5" }).end("{}");
    const message = { role: "assistant", content: "at last" };
    const body = {
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: { prompt_tokens: 2, completion_tokens: 2 },
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => flaky.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(flaky.address() as AddressInfo).port}/v1`;
  process.env.OPENAI_API_KEY = "sk-secret-0123456789";
  try {
    const folder = mkdtempSync(join(tmpdir(), "cache-"));
    const model = cached(openaiModel({ model: "m", baseURL: url }), folder);
    assert.equal((await model.complete(ask("a"))).text, "at last");
    assert.equal((await model.complete({ ...ask("a"), session: "other" })).text, "at last");
    assert.equal(calls, 4, "the second answer came from the cache");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    assert.equal(files.length, 1);
    for (const file of files)
      assert.ok(!readFileSync(join(file.parentPath, file.name), "utf8").includes("secret"));
  } finally {
    delete process.env.OPENAI_API_KEY;
    flaky.close();
  }
});

test("the cache tells endpoints apart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cache-"));
  const named = (name: string) =>
    cached(
      simulatedModel(name, () => name),
      folder,
    );
  assert.equal((await named("m @ mock").complete(ask("q"))).text, "m @ mock");
  assert.equal((await named("m @ real").complete(ask("q"))).text, "m @ real");
});

test("a missing key is an input error that names the variable", () => {
  const { OPENAI_API_KEY, OPENAI_BASE_URL } = process.env;
  delete process.env.OPENAI_API_KEY;
  delete process.env.OPENAI_BASE_URL;
  try {
    assert.throws(
      () => openaiModel({ model: "gpt-3.5-turbo" }),
      (error: Error) => {
        return error instanceof InputError && error.message.includes("OPENAI_API_KEY");
      },
    );
  } finally {
    if (OPENAI_API_KEY) process.env.OPENAI_API_KEY = OPENAI_API_KEY;
    if (OPENAI_BASE_URL) process.env.OPENAI_BASE_URL = OPENAI_BASE_URL;
  }
});

test("no more requests are in flight than allowed, and all are answered", async () => {
  let inFlight = 0;
  let most = 0;
  const slow = simulatedModel("slow", async (messages) => {
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setTimeout(resolve, 2));
    inFlight--;
    return messages[0]!.content;
  });
  const model = limited(slow, 3);
  const texts = await Promise.all(Array.from({ length: 20 }, (_, i) => model.complete(ask(`${i}`))));
  assert.deepEqual(
    texts.map((c) => c.text),
    Array.from({ length: 20 }, (_, i) => `${i}`),
  );
  assert.equal(most, 3);
});
