import { z } from "zod";
import { check } from "../../util/check";
import { InputError } from "../../util/errors";
import { reactView } from "../react";
import { assistant, type Format, imported, user } from "./format";

const rowSchema = z.object({
  id: z.string(),
  conversations: z.array(z.object({ from: z.enum(["human", "gpt"]), value: z.string() })).min(1),
  /** ALFWorld alone: the game that the trajectory was played in. */
  game_file: z.string().nullish(),
});

/**
 * AgentBank as on the hub: `{id, conversations: [{from: "human" | "gpt", value}]}`, agent turns in ReAct, later human
 * turns beginning `Observation: `. Every gpt turn is trained; ALFWorld's `game_file` is the instance.
 * Writing loses loss flags, reward, difficulty and provenance; there is no place for a system turn.
 */
export const agentbank: Format = {
  name: "agentbank",
  detect: (row) => {
    const { success, data } = rowSchema.safeParse(row);
    return (
      success && data.conversations.some((t) => t.from === "gpt" && reactView(t.value).action !== undefined)
    );
  },
  read: (row, context) => {
    const { id, conversations, game_file } = check(rowSchema, row);
    const turns = conversations.map((t) => (t.from === "human" ? user(t.value) : assistant(t.value)));
    return imported(context, turns, { id, instance: game_file ?? undefined });
  },
  write: ({ id, task, instance, turns }) => ({
    id,
    conversations: turns.map(({ role, content }) => {
      if (role === "system")
        throw new InputError(`${id}: the agentbank format has no place for a system turn`);
      return { from: role === "user" ? "human" : "gpt", value: content };
    }),
    ...(task === "alfworld" && instance !== id ? { game_file: instance } : {}),
  }),
};
