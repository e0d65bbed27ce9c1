/** Exercises in finding the right thing to copy: by its key, its neighbour, its attributes, its rule. */
import { type Exercise, number, type Page, word, words } from "./page";

/** A word or two, a number, or both. */
function value(page: Page): string {
  const { rng } = page;
  const kind = rng.next();
  if (kind < 0.5) return words(page, 1)[0]!;
  if (kind < 0.7) return words(page, 2).join(" ");
  if (kind < 0.9) return String(number(page));
  return `${words(page, 1)[0]} ${rng.int(1, 9)}`;
}

/** Keys with values, then some of the keys again. */
export const keyValue: Exercise = (page) => {
  const { rng } = page;
  const keys = rng.chance(0.8)
    ? words(page, rng.int(3, 10))
    : rng.sample(page.material.lexicon["Person"]!, 6);
  const pairs = keys.map((key) => [key, value(page)] as const);
  const link = rng.pick([":", " =", " is", " has", " ->", ": the value is"]);
  const end = rng.pick([",", ".", ";", "\n", "\n"]);
  page.given(pairs.map(([k, v]) => `${k}${link} ${v}${end}`).join(end === "\n" ? "" : " "), "\n");
  for (let n = rng.int(2, 5); n > 0; n--) {
    const [k, v] = rng.pick(pairs);
    page.given(`${rng.pick(["", "? ", "- "])}${k}${link}`);
    page.answer(` ${v}\n`);
  }
};

/** A list, some of it with numbers; then what comes next, before, first, last, or at a place. */
export const list: Exercise = (page) => {
  const { rng } = page;
  const items = words(page, rng.int(3, 9)).map((w) => (rng.chance(0.4) ? `${w} ${rng.int(1, 9)}` : w));
  const numbered = rng.chance(0.3);
  page.given(numbered ? items.map((x, i) => `${i + 1}. ${x}\n`).join("") : `List: ${items.join(", ")}\n`);
  if (rng.chance(0.4)) {
    // One item after the other, with something in between: what is done and what is left must be told apart.
    const noise = rng.chance(0.6);
    items.slice(0, 5).forEach((item, i) => {
      page.given(i === 0 ? `start: ${item}\n` : "next:");
      if (i > 0) page.answer(` ${item}\n`);
      if (noise) page.given(`there: ${words(page, rng.int(1, 4)).join(", ")}\n`);
    });
    return;
  }
  for (let n = rng.int(2, 4); n > 0; n--) {
    const i = rng.int(1, items.length - 1);
    const [question, answer] = rng.pick([
      [`after ${items[i - 1]}:`, items[i]],
      [`before ${items[i]}:`, items[i - 1]],
      [`number ${i + 1}:`, items[i]],
      ["first:", items[0]],
      ["last:", items.at(-1)],
      ["how many:", String(items.length)],
    ] as const);
    page.given(question);
    page.answer(` ${answer}\n`);
  }
};

/** Things with properties and a figure; which one has these? The answer comes with its reasons. */
export const record: Exercise = (page) => {
  const { rng } = page;
  const n = rng.int(3, 6);
  const names = words(page, n);
  const pool = words(page, rng.int(5, 9));
  const unit = word(page, "thing");
  const rows = names.map((name) => ({ name, has: rng.sample(pool, rng.int(2, 4)), figure: rng.int(1, 99) }));
  const chosen = rng.pick(rows);
  const wanted = rng.sample(chosen.has, rng.int(1, 2));
  const found = rows.find((r) => wanted.every((w) => r.has.includes(w)))!;
  const question = `Which has ${wanted.join(" and ")}?\n`;
  const before = rng.chance(0.5);
  if (before) page.given(question);
  page.given(rows.map((r) => `${r.name}: ${r.has.join(", ")}; ${r.figure} ${unit}\n`).join(""));
  if (!before) page.given(question);
  page.given("It is");
  page.answer(` ${found.name}, with ${found.has.join(", ")}; ${found.figure} ${unit}.\n`);
};

/** Rules are declared, then obeyed. */
export const rules: Exercise = (page) => {
  const { rng } = page;
  const keys = words(page, rng.int(2, 5));
  const pairs = keys.map((k) => [k, words(page, rng.int(1, 3)).join(" ")] as const);
  const say = rng.pick(["say", "write", "answer", "do", "give"]);
  page.given(pairs.map(([k, v]) => `If ${k} then ${say} ${v}. `).join(""), "\n");
  for (let n = rng.int(2, 5); n > 0; n--) {
    const [k, v] = rng.pick(pairs);
    page.given(`${k}:`);
    page.answer(` ${v}\n`);
  }
};

/** A pattern that no one has seen, shown twice; then its slots are filled anew. */
export const pattern: Exercise = (page) => {
  const { rng } = page;
  const frame = words(page, rng.int(3, 8));
  const slots = rng.sample([...frame.keys()], rng.int(1, 2)).sort((a, b) => a - b);
  const end = rng.pick([".", ")", "!", ";", ""]);
  for (let i = 0; i < rng.int(3, 5); i++) {
    const fill = slots.map(() => value(page));
    const line = frame.map((w, at) => (slots.includes(at) ? fill[slots.indexOf(at)]! : w)).join(" ");
    page.given(`${fill.join(", ")}:`);
    (i === 0 ? page.given : page.answer)(` ${line}${end}\n`);
  }
};
