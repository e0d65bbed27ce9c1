import { z } from "zod";
import { check } from "../../util/check";
import { InputError } from "../../util/errors";
import { assistant, type Format, imported, user } from "./format";

const rowSchema = z.object({
  id: z.string(),
  conversations: z
    .array(
      z.object({
        from: z.enum(["human", "gpt"]),
        loss: z.boolean().nullish(),
        value: z.string(),
      }),
    )
    .min(1),
});

/**
 * AgentInstruct: `{id, conversations: [{from, loss, value}]}`, `loss` null for human turns; a gpt turn without it is
 * trained, and written with `loss: true`. Its upper-case `THOUGHT:`/`ACTION:` labels stay as they are, so such turns
 * carry no parsed view.
 * Writing loses reward, difficulty, instance and provenance; there is no place for a system turn.
 */
export const agentinstruct: Format = {
  name: "agentinstruct",
  detect: (row) => {
    const { success, data } = rowSchema.safeParse(row);
    return success && data.conversations.some((t) => t.loss !== undefined);
  },
  read: (row, context) => {
    const { id, conversations } = check(rowSchema, row);
    const turns = conversations.map((t) =>
      t.from === "human" ? user(t.value) : assistant(t.value, t.loss ?? true),
    );
    return imported(context, turns, { id });
  },
  write: ({ id, turns }) => ({
    id,
    conversations: turns.map(({ role, content, loss }) => {
      if (role === "system")
        throw new InputError(`${id}: the agentinstruct format has no place for a system turn`);
      return role === "user"
        ? { from: "human", loss: null, value: content }
        : { from: "gpt", loss, value: content };
    }),
  }),
};
