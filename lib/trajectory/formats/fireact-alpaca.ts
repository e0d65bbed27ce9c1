import { z } from "zod";
import { check } from "../../util/check";
import { InputError } from "../../util/errors";
import { closingReward } from "./fireact";
import { assistant, type Format, imported, user } from "./format";

const rowSchema = z.object({ instruction: z.string(), input: z.string().optional(), output: z.string() });

/** FireAct leaves the options of a multiple-choice question at the head of `output`, where training would hit them. */
const choice = /^(Question: [^\n]*)\n(A\. [\s\S]*)$/;

/**
 * FireAct's Alpaca files: `{instruction, input, output}` with the whole trajectory in `output`, a line
 * `Thought: `, `Action: ` or `Observation: ` opening each part. Options before the first thought belong to the question
 * and are read into the first turn; they are written back to where FireAct has them.
 * Writing loses ids, loss flags, reward, difficulty and provenance; there is no place for a system turn.
 */
export const fireactAlpaca: Format = {
  name: "fireact-alpaca",
  detect: (row) => {
    const { success, data } = rowSchema.safeParse(row);
    return success && /^Thought: [\s\S]*^Action: /m.test(data.output);
  },
  read: (row, context) => {
    const { instruction, input, output } = check(rowSchema, row);
    const { options, parts } = split(output);
    if (parts.length === 0)
      throw new InputError("output: no line begins with `Thought: ` or `Observation: `");
    const question = [instruction, input, options].filter((part) => part).join("\n");
    const turns = parts.map((part) => (part.startsWith("Thought: ") ? assistant(part) : user(part)));
    return imported(context, [user(question), ...turns], { reward: closingReward(turns.at(-1)) });
  },
  write: ({ id, turns }) => {
    const [first, ...rest] = turns;
    if (first?.role !== "user")
      throw new InputError(`${id}: the fireact-alpaca format has no place for a system turn`);
    const [, question = first.content, options] = choice.exec(first.content) ?? [];
    const contents = rest.map((turn) => turn.content);
    const output = [options, ...contents].map((part) => (part === undefined ? "" : `${part}\n`)).join("");
    if (split(output).parts.join("\0") !== contents.join("\0"))
      throw new InputError(
        `${id}: the fireact-alpaca format tells turns apart by their first words, and here cannot`,
      );
    return { instruction: question, input: "", output };
  },
};

/** What comes before the first labelled line, and the parts that such lines open, without their closing newline. */
function split(output: string): { options: string; parts: string[] } {
  const pieces = output.split(/^(?=Thought: |Observation: )/m).map((piece) => piece.replace(/\n$/, ""));
  const labelled = /^(?:Thought|Observation): /.test(output);
  return labelled ? { options: "", parts: pieces } : { options: pieces[0]!, parts: pieces.slice(1) };
}
