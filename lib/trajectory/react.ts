/**
 * The ReAct step of an assistant turn, as text and as data (section 3.1).
 *
 *     turn    = [ "Thought: " thought newline ] "Action: " action
 *     thought = text without outer white space; no line after its first may begin with `Action:`
 *     action  = text without outer white space, never empty; it runs to the end of the turn, over as many lines as
 *               it needs, so SQL and programs survive
 *
 * A step without a thought is the action line alone. Only the parser is tolerant; the printer knows one form.
 */
import { InputError } from "../util/errors";

export interface ReactStep {
  thought: string;
  action: string;
}

const thoughtLabel = /^thought(?:[ \t]*\d+)?[ \t]*:/i;
const actionLabel = /^[ \t]*action(?:[ \t]*\d+)?[ \t]*:/im;

/**
 * Reads a model's turn; null where no line begins with `Action:` or nothing follows it.
 *
 * Beyond the grammar it takes: white space around any part, labels in any case and numbered (`Thought 1:`), and a
 * thought without its label. The first line that begins with `Action:` ends the thought; an `Observation:` that
 * the model made up stays in the action, so stop generation there.
 *
 *     parseReact("Thought 1: Who wrote it?\nAction 1: search[Ulysses]")
 *     // { thought: "Who wrote it?", action: "search[Ulysses]" }
 */
export function parseReact(text: string): ReactStep | null {
  const label = actionLabel.exec(text);
  if (!label) return null;
  const action = text.slice(label.index + label[0].length).trim();
  if (action === "") return null;
  const thought = text.slice(0, label.index).trim().replace(thoughtLabel, "").trim();
  return { thought, action };
}

/** True where the step can be printed and read back: the two rules of the grammar above. */
export function isPrintable({ thought, action }: ReactStep): boolean {
  return action.trim() !== "" && !actionLabel.test(`Thought: ${thought.trim()}`);
}

/**
 * `Thought: …\nAction: …`, outer white space of both parts removed. `parseReact` gives the step back.
 * Throws InputError where the step is not printable.
 */
export function printReact(step: ReactStep): string {
  const thought = step.thought.trim();
  const action = step.action.trim();
  if (!isPrintable(step))
    throw new InputError(
      action === "" ? "a step needs an action" : `a line of the thought begins with "Action:": ${thought}`,
    );
  return thought === "" ? `Action: ${action}` : `Thought: ${thought}\nAction: ${action}`;
}

/** The parsed view that a turn of this content carries: the step where it prints back to the content, else nothing. */
export function reactView(content: string): Partial<ReactStep> {
  const step = parseReact(content);
  return step && printReact(step) === content ? step : {};
}
