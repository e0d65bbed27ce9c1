import { check } from "../../util/check";
import { closingReward } from "./fireact";
import { type Format, imported } from "./format";
import { openai, rowSchema } from "./openai";

/**
 * FireAct's chat files: `{messages: [{role, content}]}` that end in the closing observation, which tells the reward.
 * Writing gives just the messages; all else is lost. Tool calls are no part of it.
 */
export const fireactGpt: Format = {
  name: "fireact-gpt",
  detect: (row) => {
    const { success, data } = rowSchema.safeParse(row);
    return success && closingReward({ content: data.messages.at(-1)?.content ?? "" }) !== null;
  },
  read: (row, context) => {
    const { turns } = openai.read(check(rowSchema, row), context);
    return imported(context, turns, { reward: closingReward(turns.at(-1)) });
  },
  write: ({ turns }) => ({ messages: turns.map(({ role, content }) => ({ role, content })) }),
};
