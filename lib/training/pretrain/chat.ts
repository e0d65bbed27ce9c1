/** General conversations between the chat template's own tokens: who speaks when, and that turns end. */
import { createPage, type Exercise, type Page, word, words } from "./page";
import { SPECIAL } from "./vocabulary";

const special = (token: (typeof SPECIAL)[number]) => SPECIAL.indexOf(token);
const END = special("<|end|>");

const user = (page: Page, text: string) => page.given(special("<|user|>"), text, END);

function assistant(page: Page, text: string) {
  page.given(special("<|assistant|>"));
  page.answer(text, END);
}

/** Small talk and requests to repeat, for several turns. */
export const talk: Exercise = (page) => {
  const { rng } = page;
  page.given(special("<s>"));
  if (rng.chance(0.2))
    page.given(special("<|system|>"), `You are a ${word(page, "quality")} ${word(page, "people")}.`, END);
  const name = word(page, "Person");
  user(page, `${rng.pick(["Hello", "Hi"])}, I am ${name}.`);
  assistant(page, `Hello ${name}! How can I help?`);
  const said: string[] = [];
  for (let n = rng.int(1, 4); n > 0; n--) {
    if (said.length > 0 && rng.chance(0.3)) {
      user(page, "What did I say last?");
      assistant(page, said.at(-1)!);
      continue;
    }
    const text = words(page, rng.int(1, 8)).join(" ");
    said.push(text);
    user(page, `Please ${rng.pick(["repeat", "write", "say"])}: ${text}`);
    assistant(page, rng.chance(0.5) ? text : `You said: ${text}`);
  }
};

/** An exercise as a conversation: what is given becomes the user's text, what follows from it the assistant's. */
export const conversation =
  (exercises: readonly Exercise[]): Exercise =>
  (page) => {
    const draft = createPage(page.material, page.rng);
    page.rng.pick(exercises)(draft);
    page.given(special("<s>"));
    let speaker = "";
    draft.ids.forEach((id, i) => {
      const next = draft.weights[i] === 1 ? "<|assistant|>" : "<|user|>";
      if (next !== speaker) {
        if (speaker === "<|assistant|>") page.answer(END);
        else if (speaker !== "") page.given(END);
        page.given(special(next));
        speaker = next;
      }
      if (next === "<|assistant|>") page.answer(id);
      else page.given(id);
    });
    if (speaker === "<|assistant|>") page.answer(END);
    else page.given(END);
  };
