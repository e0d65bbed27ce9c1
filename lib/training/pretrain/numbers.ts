/** Exercises with numbers: reckoning, comparing, counting, in order. */
import { type Exercise, type Page, word, words } from "./page";

/** a ∘ b = c with whole, non-negative numbers. */
function sum(page: Page): [expression: string, result: number] {
  const { rng } = page;
  const operator = rng.pick(["+", "+", "-", "-", "*", "/"]);
  const tight = rng.chance(0.3);
  const show = (a: number, b: number) => (tight ? `${a}${operator}${b}` : `${a} ${operator} ${b}`);
  if (operator === "*" || operator === "/") {
    const [a, b] = [rng.int(2, 12), rng.int(2, 12)];
    return operator === "*" ? [show(a, b), a * b] : [show(a * b, b), a];
  }
  const most = rng.pick([20, 99, 499]);
  const [a, b] = [rng.int(0, most), rng.int(0, most)];
  return operator === "+" ? [show(a, b), a + b] : [show(Math.max(a, b), Math.min(a, b)), Math.abs(a - b)];
}

export const arithmetic: Exercise = (page) => {
  const space = page.rng.chance(0.7) ? " " : "";
  for (let n = page.rng.int(2, 6); n > 0; n--) {
    const [expression, result] = sum(page);
    page.given(`${expression}${space}=`);
    page.answer(`${space}${result}\n`);
  }
};

/** Amounts of things that grow and shrink, told step by step. */
export const running: Exercise = (page) => {
  const { rng } = page;
  const thing = word(page, "food");
  const person = word(page, "Person");
  let have = rng.int(1, 40);
  page.given(`${person} has ${have} ${thing}.`);
  for (let n = rng.int(1, 4); n > 0; n--) {
    const change = rng.int(1, 20);
    const more = change > have || rng.chance(0.5);
    page.given(more ? ` Then ${change} more come, so` : ` Then ${change} go, so`);
    const next = more ? have + change : have - change;
    page.answer(` ${have} ${more ? "+" : "-"} ${change} = ${next}.`);
    have = next;
  }
  page.given(` Now ${person} has`);
  page.answer(` ${have} ${thing}.\n`);
};

/** Which are lower than, which is highest, in which order. */
export const compare: Exercise = (page) => {
  const { rng } = page;
  for (let n = rng.int(1, 3); n > 0; n--) {
    const items = words(page, rng.int(2, 5)).map((name) => ({ name, figure: rng.int(1, 99) }));
    const ranked = [...items].sort((a, b) => a.figure - b.figure);
    const limit = rng.int(10, 90);
    const names = (list: typeof items) => list.map((x) => x.name).join(", ") || "none";
    const [question, answer] = rng.pick([
      [`lower than ${limit}`, names(items.filter((x) => x.figure < limit))],
      [`more than ${limit}`, names(items.filter((x) => x.figure > limit))],
      ["the highest", ranked.at(-1)!.name],
      ["the lowest", ranked[0]!.name],
      ["in order", names(ranked)],
    ] as const);
    page.given(`${items.map((x) => `${x.name} ${x.figure}`).join(", ")}. Which ${question}?`);
    page.answer(` ${answer}\n`);
  }
};

/** Count on, or count what is there. */
export const count: Exercise = (page) => {
  const { rng } = page;
  if (rng.chance(0.5)) {
    const [from, by] = [rng.int(0, 200), rng.pick([1, 1, 1, 2, 5, 10])];
    const shown = Array.from({ length: rng.int(6, 12) }, (_, i) => from + i * by);
    page.given(`Count: ${shown.slice(0, 3).join(" ")}`);
    page.answer(` ${shown.slice(3).join(" ")}\n`);
    return;
  }
  const kinds = words(page, 3);
  const bag = Array.from({ length: rng.int(3, 9) }, () => rng.pick(kinds));
  page.given(`${bag.join(" ")}\n`);
  for (const kind of rng.sample(kinds, 2)) {
    page.given(`${kind}:`);
    page.answer(` ${bag.filter((x) => x === kind).length}\n`);
  }
};
