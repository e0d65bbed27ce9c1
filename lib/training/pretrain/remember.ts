/** Exercises in recall over a distance: what was said first is asked for after other things have happened. */
import { type Exercise, type Page, word, words } from "./page";
import { SPECIAL } from "./vocabulary";

const BOS = SPECIAL.indexOf("<s>");
const END = SPECIAL.indexOf("<|end|>");
const USER = SPECIAL.indexOf("<|user|>");
const ASSISTANT = SPECIAL.indexOf("<|assistant|>");

/** A thing to keep in mind, and how to ask for it. */
function note(page: Page): { said: string; question: string; answer: string } {
  const { rng } = page;
  const thing = words(page, rng.int(1, 2)).join(" ");
  const n = rng.int(1, 99);
  const who = word(page, "Person");
  return rng.pick([
    { said: `The password is ${thing}.`, question: "What is the password?", answer: thing },
    { said: `${who} wants a ${thing}.`, question: `What does ${who} want?`, answer: `a ${thing}` },
    { said: `My number is ${n}.`, question: "What is my number?", answer: `${n}` },
    { said: `The ${thing} is for ${who}.`, question: `Who is the ${thing} for?`, answer: who },
    { said: `Keep ${n} ${thing} in mind.`, question: "What do you keep in mind?", answer: `${n} ${thing}` },
  ]);
}

/** A note, then other exercises with the question between them; as text, or turn by turn. */
export const remember =
  (fillers: readonly Exercise[]): Exercise =>
  (page) => {
    const { rng } = page;
    const { said, question, answer } = note(page);
    const chat = rng.chance(0.5);
    if (chat) page.given(BOS, USER);
    page.given(`${said}\n`);
    for (let n = rng.int(1, 4); n > 0; n--) {
      rng.pick(fillers)(page);
      if (chat) {
        page.given(question, END, ASSISTANT);
        page.answer(answer, END);
        page.given(USER);
      } else if (n === 1 || rng.chance(0.4)) {
        page.given(question);
        page.answer(` ${answer}\n`);
      }
    }
    if (chat) page.given("Bye", END);
  };
