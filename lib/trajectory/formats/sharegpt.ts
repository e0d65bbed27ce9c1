import { z } from "zod";
import { check } from "../../util/check";
import { printReact, type ReactStep } from "../react";
import type { Turn } from "../schema";
import { assistant, type Format, imported, user } from "./format";
import { parseCall, parseResult, printResult, splitTools, systemWithTools } from "./tools";

const humans = ["human", "user"];
const models = ["gpt", "chatgpt", "assistant"];
const rowSchema = z.object({
  id: z.string().optional(),
  system: z.string().nullish(),
  tools: z.string().nullish(),
  conversations: z
    .array(
      z.object({
        from: z.enum([
          "system",
          "human",
          "user",
          "gpt",
          "chatgpt",
          "assistant",
          "function_call",
          "observation",
        ]),
        value: z.string(),
      }),
    )
    .min(1),
});

/**
 * ShareGPT: `{id?, conversations: [{from, value}], system?, tools?}`. Roles map to system, user (human, user) and
 * assistant (gpt, chatgpt, assistant); `function_call`, `observation` and `tools` as told in tools.ts. Every model
 * turn is trained; another role is a fault.
 * Writing loses loss flags, reward, difficulty, instance and provenance; a `system` member becomes a system turn,
 * and every role its first name in the lists above.
 */
export const sharegpt: Format = {
  name: "sharegpt",
  detect: (row) => rowSchema.safeParse(row).success,
  read: (row, context) => {
    const { id, system = null, tools = null, conversations } = check(rowSchema, row);
    const opening = conversations[0]?.from === "system" ? conversations[0].value : null;
    const message = system && opening ? `${system}\n\n${opening}` : (system ?? opening);
    const turns = conversations.slice(opening === null ? 0 : 1).map(({ from, value }): Turn => {
      if (from === "function_call") return assistant(printReact({ thought: "", action: value }));
      if (from === "observation") return user(printResult(value));
      if (humans.includes(from)) return user(value);
      if (models.includes(from)) return assistant(value);
      return { role: "system", content: value, loss: false }; // out of place: validation names the turn
    });
    return imported(context, [...systemWithTools(message, tools), ...turns], { id });
  },
  write: ({ id, turns }) => {
    const first = turns[0]?.role === "system" ? splitTools(turns[0].content) : { message: null, tools: null };
    const rest = turns.filter((turn) => turn.role !== "system");
    const written = rest.map(({ role, content, thought, action }, i) => {
      if (role === "assistant")
        return isCall({ thought, action })
          ? { from: "function_call", value: action }
          : { from: "gpt", value: content };
      const result = isCall(rest[i - 1] ?? {}) ? parseResult(content) : null;
      return result === null ? { from: "human", value: content } : { from: "observation", value: result };
    });
    const opening = first.message === null ? [] : [{ from: "system", value: first.message }];
    return {
      id,
      conversations: [...opening, ...written],
      ...(first.tools === null ? {} : { tools: first.tools }),
    };
  },
};

/** A call without a thought: the only kind that a `function_call` turn has room for. */
const isCall = ({ thought, action }: Partial<ReactStep>) => thought === "" && parseCall(action) !== null;
