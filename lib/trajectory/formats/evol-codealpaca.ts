import { z } from "zod";
import { check } from "../../util/check";
import { InputError } from "../../util/errors";
import { assistant, type Format, imported, user } from "./format";

const rowSchema = z.object({ instruction: z.string(), input: z.string().optional(), output: z.string() });

/**
 * Evol-CodeAlpaca and its like: `{instruction, output}`, one exchange. An Alpaca `input` follows the instruction after
 * a blank line, and is written back as part of it. Writing holds one exchange without a system turn, and loses ids,
 * reward and provenance.
 */
export const evolCodealpaca: Format = {
  name: "evol-codealpaca",
  task: "evol-codealpaca",
  detect: (row) => rowSchema.safeParse(row).success,
  read: (row, context) => {
    const { instruction, input, output } = check(rowSchema, row);
    return imported(context, [user(input ? `${instruction}\n\n${input}` : instruction), assistant(output)]);
  },
  write: ({ id, turns }) => {
    const [question, answer] = turns;
    if (turns.length !== 2 || question?.role !== "user" || answer?.role !== "assistant")
      throw new InputError(`${id}: the evol-codealpaca format holds one question and one answer`);
    return { instruction: question.content, output: answer.content };
  },
};
