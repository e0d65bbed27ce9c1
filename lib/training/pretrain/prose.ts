/** Plain sentences that state facts, and questions about them. */
import { type Exercise, type Page, word } from "./page";

interface Fact {
  statement: string;
  question: string;
  answer: string;
}

const full = (page: Page) => `${word(page, "Person")} ${word(page, "Person")}`;
const phrase = (page: Page) =>
  `${page.rng.chance(0.6) ? `${word(page, page.rng.pick(["color", "quality", "size", "material"]))} ` : ""}${word(page, page.rng.pick(["thing", "thing", "food", "animal"]))}`;

/** One fact of a random kind about random people, places and things. */
function fact(page: Page): Fact {
  const { rng } = page;
  const who = rng.chance(0.5) ? word(page, "Person") : full(page);
  const what = phrase(page);
  const where = word(page, "Place");
  const n = rng.int(2, 60);
  const year = `${rng.int(15, 20)}${String(rng.int(0, 99)).padStart(2, "0")}`;
  const day = word(page, "Time");
  const job = word(page, "people");
  const spot = word(page, rng.pick(["thing", "place"]));
  const kinds: (() => Fact)[] = [
    () => ({ statement: `${who} lives in ${where}.`, question: `Where does ${who} live?`, answer: where }),
    () => ({
      statement: `${who} was born in ${where} in ${year}.`,
      question: `When was ${who} born?`,
      answer: year,
    }),
    () => ({
      statement: `${who} was born in ${where} in ${year}.`,
      question: `Where was ${who} born?`,
      answer: where,
    }),
    () => ({ statement: `${who} is a ${job}.`, question: `What is ${who}?`, answer: `a ${job}` }),
    () => ({ statement: `${who} has a ${what}.`, question: `What does ${who} have?`, answer: `a ${what}` }),
    () => ({
      statement: `${who} bought a ${what} for $${n}.`,
      question: `How much was the ${what}?`,
      answer: `$${n}`,
    }),
    () => ({
      statement: `${who} bought a ${what} on ${day}.`,
      question: `Who bought the ${what}?`,
      answer: who,
    }),
    () => ({
      statement: `The ${what} is near the ${spot}.`,
      question: `Where is the ${what}?`,
      answer: `near the ${spot}`,
    }),
    () => ({
      statement: `There are ${n} people in the ${spot}.`,
      question: `How many people are in the ${spot}?`,
      answer: `${n}`,
    }),
    () => ({
      statement: `The capital of ${who} Land is ${where}.`,
      question: `What is the capital of ${who} Land?`,
      answer: where,
    }),
    () => ({
      statement: `"${phrase(page)}" was written by ${who}.`,
      question: `Which book did ${who} write?`,
      answer: "",
    }),
    () => ({
      statement: `Every ${day}, ${who} goes to ${where}.`,
      question: `When does ${who} go to ${where}?`,
      answer: `every ${day}`,
    }),
  ];
  const made = rng.pick(kinds)();
  if (made.answer === "") made.answer = made.statement.slice(0, made.statement.lastIndexOf('"') + 1);
  return made;
}

/** A short paragraph of facts, then questions; sometimes the answer repeats the sentence that it follows from. */
export const facts: Exercise = (page) => {
  const { rng } = page;
  const known = Array.from({ length: rng.int(2, 6) }, () => fact(page));
  const told = new Map(known.map((f) => [f.question, f]));
  page.given(
    `${rng.pick(["", "Passage: ", "Text: ", "Story: "])}${known.map((f) => f.statement).join(" ")}\n`,
  );
  const style = rng.pick(["short", "short", "because", "sentence"]);
  for (const { statement, question, answer } of rng.sample(
    [...told.values()],
    Math.min(told.size, rng.int(1, 3)),
  )) {
    // Two facts may answer one question; the later one then holds, as in told.
    page.given(rng.pick(["", "Q: "]), question, style === "short" ? "\nA:" : "\n");
    if (style === "short") page.answer(` ${answer}\n`);
    else if (style === "because") page.answer(`The text says: ${statement} So the answer is ${answer}.\n`);
    else page.answer(`${statement}\n`);
  }
};

/** Sentences without a question: language for its own sake. */
export const sentences: Exercise = (page) => {
  const { rng } = page;
  const list = Array.from({ length: rng.int(1, 3) }, () => {
    const who = word(page, rng.pick(["Person", "people"]));
    const verb = word(page, "verb");
    return rng.pick([
      `The ${word(page, "quality")} ${word(page, "people")} ${verb} the ${phrase(page)}.`,
      `Is the ${phrase(page)} in the ${word(page, "place")}?`,
      `${who} and ${word(page, "Person")} ${verb} with a ${phrase(page)}.`,
      `If you ${verb} it, the ${phrase(page)} will be ${word(page, "quality")}.`,
      `I think the ${phrase(page)} is ${word(page, "function")} the ${word(page, "thing")}, so I go there.`,
    ]);
  });
  page.given(`${list.join(" ")}\n`);
};
