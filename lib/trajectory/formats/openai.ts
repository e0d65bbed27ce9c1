import { z } from "zod";
import { check } from "../../util/check";
import { InputError } from "../../util/errors";
import { printReact } from "../react";
import type { Turn } from "../schema";
import { assistant, type Format, imported, user } from "./format";
import { parseCall, parseResult, printResult, splitTools, systemWithTools } from "./tools";

const callSchema = z.object({
  id: z.string().optional(),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
const messageSchema = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: z.string().nullish(),
  tool_calls: z.array(callSchema).nullish(),
});
export const rowSchema = z.object({
  id: z.string().optional(),
  instance_id: z.string().optional(),
  messages: z.array(messageSchema).min(1),
  tools: z.array(z.unknown()).nullish(),
});
type Message = z.infer<typeof messageSchema>;

/**
 * OpenAI and TRL messages: `{messages: [{role, content, tool_calls?}], tools?, id?, instance_id?}`; tool calls,
 * results and `tools` as told in tools.ts, `arguments` staying the JSON string they are. Several calls in one
 * message are a fault, for a step has one action. Every assistant message is trained.
 * Writing loses loss flags, reward, difficulty and provenance; call ids are counted anew from `call_1`, empty
 * content beside a call becomes null, and `developer` becomes `system`.
 */
export const openai: Format = {
  name: "openai",
  detect: (row) => rowSchema.safeParse(row).success,
  read: (row, context) => {
    const { id, instance_id, messages, tools } = check(rowSchema, row);
    const opening = isSystem(messages[0]!) ? (messages[0]!.content ?? "") : null;
    const turns = messages.slice(opening === null ? 0 : 1).map(turnOf);
    return imported(context, [...systemWithTools(opening, tools ? JSON.stringify(tools) : null), ...turns], {
      id,
      instance: instance_id,
    });
  },
  write: ({ id, instance, turns }) => {
    const first = turns[0]?.role === "system" ? splitTools(turns[0].content) : { message: null, tools: null };
    const messages: Record<string, unknown>[] = [];
    if (first.message !== null) messages.push({ role: "system", content: first.message });
    let calls = 0;
    let called = false;
    for (const { role, content, thought, action } of turns.filter((turn) => turn.role !== "system")) {
      const call = parseCall(action);
      const result = called ? parseResult(content) : null;
      called = typeof call?.arguments === "string";
      if (called)
        messages.push({
          role,
          content: thought || null,
          tool_calls: [{ id: `call_${++calls}`, type: "function", function: call }],
        });
      else if (result !== null)
        messages.push({ role: "tool", tool_call_id: `call_${calls}`, content: result });
      else messages.push({ role, content });
    }
    return {
      id,
      ...(instance === id ? {} : { instance_id: instance }),
      messages,
      ...(first.tools === null ? {} : { tools: JSON.parse(first.tools) }),
    };
  },
};

const isSystem = ({ role }: Message) => role === "system" || role === "developer";

function turnOf(message: Message): Turn {
  const content = message.content ?? "";
  if (isSystem(message)) return { role: "system", content, loss: false }; // out of place: validation names the turn
  if (message.role === "tool") return user(printResult(content));
  if (message.role === "user") return user(content);
  const [call, ...more] = message.tool_calls ?? [];
  if (!call) return assistant(content);
  if (more.length > 0)
    throw new InputError(`${more.length + 1} tool calls in one message: a step has one action`);
  return assistant(printReact({ thought: content, action: JSON.stringify(call.function) }));
}
