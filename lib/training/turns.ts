/** Where the turns of a trajectory lie in the text that the chat template makes of it, and which text is trained. */
import type { ChatMessage, Tokenizer } from "../model/tokenizer";
import type { Span } from "../model/tokenizer/chat";
import type { Trajectory } from "../trajectory/schema";
import { InputError } from "../util/errors";

/**
 * What is trained of a turn that has `loss`:
 * - `turns`: all that the agent writes after its prompt, the end-of-turn token included, whatever the template;
 * - `template`: what stands between the template's `{% generation %}` marks, as TRL's `assistant_only_loss`. The
 *   marks of TRL's own templates enclose a line break before (Qwen2.5) or behind the turn (Qwen2.5, SmolVLM), too.
 */
export const labelings = ["turns", "template"] as const;
export type Labels = (typeof labelings)[number];

export interface TrainedText {
  text: string;
  /** In the order of the turns. */
  spans: Span[];
}

/** Throws `fault(why)` where a turn does not survive the template, or the template has no marks to go by. */
export function trainedSpans(
  { turns }: Trajectory,
  tokenizer: Tokenizer,
  labels: Labels,
  fault: (reason: string) => InputError,
): TrainedText {
  const messages = turns.map(({ role, content }) => ({ role, content: tokenizer.literal(content) }));
  const render = (count: number, addGenerationPrompt: boolean) =>
    named(() => tokenizer.applyChatTemplate(messages.slice(0, count), { addGenerationPrompt }), fault);
  const text = render(messages.length, false);
  const contents = places(text, messages, tokenizer, fault);
  const trained = turns.flatMap((turn, i) => (turn.role === "assistant" && turn.loss ? [i] : []));

  if (labels === "template") {
    const generated = named(() => tokenizer.generated(messages), fault);
    if (!generated) throw fault("the chat template has no {% generation %} marks; use the labels of turns");
    const said = turns.flatMap(({ role }, i) => (role === "assistant" ? [i] : []));
    if (generated.length !== said.length)
      throw fault(`the chat template marks ${generated.length} turns of ${said.length}`);
    return { text, spans: trained.map((i) => generated[said.indexOf(i)]!) };
  }
  const spans = trained.map((i) => {
    const content = contents[i]!;
    const prompt = render(i, true);
    // Llama-2's template puts a space between the prompt and the turn: the model has to write it.
    if (!text.startsWith(prompt) || text.slice(prompt.length, content.start).trim() !== "")
      throw fault(`turn ${i + 1} does not survive the chat template: the prompt before it reads otherwise`);
    return { start: prompt.length, end: endOfTurn(text, content.end, tokenizer) };
  });
  return { text, spans };
}

/** Errors of the template, told with the row that it refuses. */
function named<T>(render: () => T, fault: (reason: string) => InputError): T {
  try {
    return render();
  } catch (error) {
    throw error instanceof InputError ? fault(error.message) : error;
  }
}

/** No text holds this noncharacter, see `literal`. */
const MARK = "\uFDD1";

/**
 * Where each turn's text lies. The template is rendered once more with a mark in the place of each text: all that it
 * writes itself must be the same, and every text be there to the character.
 *
 *     frame   <|user|>⟨0⟩<|end|><|assistant|>⟨1⟩<|end|>
 *     text    <|user|>Go north<|end|><|assistant|>Gone<|end|>
 */
function places(
  text: string,
  messages: readonly ChatMessage[],
  tokenizer: Tokenizer,
  fault: (reason: string) => InputError,
): Span[] {
  const mark = (i: number) => `${MARK}${i}${MARK}`;
  const frame = named(
    () => tokenizer.applyChatTemplate(messages.map(({ role }, i) => ({ role, content: mark(i) }))),
    fault,
  );
  const lost = (i: number, how: string) =>
    fault(`turn ${i + 1} does not survive the chat template: the ${messages[i]!.role}'s text is ${how}`);
  let [read, at] = [0, 0];
  const found = messages.map(({ content }, i) => {
    const place = frame.indexOf(mark(i), read);
    if (place < 0) throw lost(i, "left out");
    const start = at + place - read;
    if (text.slice(at, start) !== frame.slice(read, place)) throw lost(Math.max(0, i - 1), "changed");
    if (!text.startsWith(content, start)) {
      const stripped = content !== content.trim() && text.startsWith(content.trim(), start);
      throw lost(i, stripped ? "stripped of the white space at its ends" : "changed");
    }
    read = place + mark(i).length;
    at = start + content.length;
    return { start, end: at };
  });
  if (text.slice(at) !== frame.slice(read)) throw lost(messages.length - 1, "changed");
  return found;
}

/** Behind the end-of-turn token that follows at once; where the template has none there, the end of the content. */
function endOfTurn(text: string, contentEnd: number, tokenizer: Tokenizer): number {
  if (tokenizer.endOfTurn === null) return contentEnd;
  const mark = tokenizer.decode([tokenizer.endOfTurn]);
  // Some templates put a space or a line break between the text and its end.
  const found = text.indexOf(mark, contentEnd);
  return found >= 0 && text.slice(contentEnd, found).trim() === "" ? found + mark.length : contentEnd;
}
