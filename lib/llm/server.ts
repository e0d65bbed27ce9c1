/** Serves a language model over HTTP as OpenAI's chat completions, for the openai client and all that speak like it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import { InputError } from "../util/errors";
import type { Completion, LanguageModel } from "./client";

const bodySchema = z.object({
  model: z.string().optional(),
  messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })).min(1),
  temperature: z.number().min(0).optional(),
  max_tokens: z.number().int().positive().optional(),
  max_completion_tokens: z.number().int().positive().optional(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  seed: z.number().int().nullish(),
  stream: z.boolean().nullish(),
});
type Body = z.infer<typeof bodySchema>;

const MAX_BODY_BYTES = 8 << 20;

/**
 * Listens on 127.0.0.1 and gives `POST /v1/chat/completions` (whole or streamed) and `GET /v1/models`.
 * @param port 0 takes a free one; read it from the server's address.
 */
export async function serveModel(model: LanguageModel, port = 0): Promise<Server> {
  const server = createServer((request, response) => {
    route(model, request, response).catch((error: Error) =>
      // Clients ask again after a 5xx, which mends no input.
      sendError(response, error instanceof InputError ? 400 : 500, error.message),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function route(model: LanguageModel, request: IncomingMessage, response: ServerResponse) {
  const path = request.url?.split("?")[0];
  if (request.method === "GET" && path === "/v1/models")
    return sendJson(response, 200, { object: "list", data: [{ id: model.name, object: "model" }] });
  if (request.method !== "POST" || path !== "/v1/chat/completions")
    return sendError(response, 404, `no such route: ${request.method} ${path}`);

  const text = await readBody(request);
  if (text === null) return sendError(response, 413, `the body is over ${MAX_BODY_BYTES} bytes`);
  let parsed: z.ZodSafeParseResult<Body>;
  try {
    parsed = bodySchema.safeParse(JSON.parse(text));
  } catch (error) {
    return sendError(response, 400, `the body is not JSON: ${(error as Error).message}`);
  }
  if (!parsed.success) return sendError(response, 400, z.prettifyError(parsed.error));

  const body = parsed.data;
  const completion = await model.complete({
    messages: body.messages,
    temperature: body.temperature ?? 1,
    maxTokens: body.max_completion_tokens ?? body.max_tokens,
    stop: typeof body.stop === "string" ? [body.stop] : (body.stop ?? undefined),
    seed: body.seed ?? undefined,
  });
  if (completion.finish === "context")
    return sendError(
      response,
      400,
      "the conversation does not fit the model's context",
      "context_length_exceeded",
    );
  if (body.stream) sendStream(response, model.name, completion);
  else sendJson(response, 200, toChatCompletion(model.name, completion));
}

function toChatCompletion(model: string, { text, finish, usage }: Completion) {
  return {
    id: "chatcmpl-agentbank",
    object: "chat.completion",
    created: 0,
    model,
    choices: [
      { index: 0, message: { role: "assistant", content: text }, finish_reason: finish, logprobs: null },
    ],
    usage: {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      total_tokens: usage.promptTokens + usage.completionTokens,
    },
  };
}

function sendStream(response: ServerResponse, model: string, { text, finish }: Completion) {
  const chunk = (delta: object, reason: string | null) =>
    `data: ${JSON.stringify({
      id: "chatcmpl-agentbank",
      object: "chat.completion.chunk",
      created: 0,
      model,
      choices: [{ index: 0, delta, finish_reason: reason }],
    })}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(chunk({ role: "assistant", content: text }, null));
  response.end(`${chunk({}, finish)}data: [DONE]\n\n`);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(response: ServerResponse, status: number, value: object) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function sendError(response: ServerResponse, status: number, message: string, code: string | null = null) {
  if (response.headersSent) return response.destroy();
  sendJson(response, status, {
    error: { message, type: status < 500 ? "invalid_request_error" : "server_error", code },
  });
}
