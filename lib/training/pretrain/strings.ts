/** Exercises in copying. Short repeated strings come first in the recipe: they make induction heads form. */
import { type Exercise, number, type Part, words } from "./page";

/** A short string of random tokens, then the same again: x₁ … xₙ x₁ … xₙ. */
export const repeat: Exercise = (page) => {
  const { rng, material } = page;
  const x = Array.from({ length: rng.int(3, 12) }, () => rng.pick(material.tokens));
  page.given(x, x[0]!);
  page.answer(x.slice(1));
};

/** A longer string of random tokens, then pieces of it. */
export const excerpt: Exercise = (page) => {
  const { rng, material } = page;
  const x = Array.from({ length: rng.int(8, 40) }, () => rng.pick(material.tokens));
  page.given(x);
  for (let n = rng.int(1, 3); n > 0; n--) {
    const from = rng.int(0, x.length - 4);
    const to = rng.int(from + 3, x.length);
    page.given(x[from]!);
    page.answer(x.slice(from + 1, to));
  }
  page.given("\n");
};

/** Words or numbers with something between them, on request again: whole, reversed, or the first few. */
export const copy: Exercise = (page) => {
  const { rng } = page;
  const n = rng.int(2, 12);
  const items = rng.chance(0.7) ? words(page, n) : Array.from({ length: n }, () => String(number(page)));
  const glue = rng.pick([" ", " ", ", ", "; ", " - "]);
  const show = (list: readonly string[]) => ` ${list.join(glue)}\n`;
  const ask = (name: string, result: readonly string[]) => {
    page.given(`${name}:${show(items)}`, rng.pick(["", "", "=", ">"]));
    page.answer(show(result));
  };
  const kind = rng.next();
  if (kind < 0.75) return ask(rng.pick(["Copy", "copy", "Repeat", "Write", "Say", "Again"]), items);
  if (kind < 0.85) return ask("Reverse", [...items].reverse());
  const k = rng.int(1, n);
  ask(`First ${k}`, items.slice(0, k));
};

/** The same words in another dress: in quotes, brackets, capitals. */
export const dress: Exercise = (page) => {
  const { rng } = page;
  const capital = (w: string) => w[0]!.toUpperCase() + w.slice(1);
  const forms: ((x: string[]) => string)[] = [
    (x) => `"${x.join(" ")}"`,
    (x) => `(${x.join(" ")})`,
    (x) => `[${x.join(" ")}]`,
    (x) => `{${x.join(", ")}}`,
    (x) => `'${x.join("', '")}'`,
    (x) => x.map(capital).join(" "),
    (x) => x.join("_"),
    (x) => x.join(" "),
  ];
  const [from, to] = rng.sample(forms, 2);
  for (let n = rng.int(2, 5); n > 0; n--) {
    const x = words(page, rng.int(1, 4));
    const parts: Part[] = [`${from!(x)} ->`];
    page.given(...parts);
    page.answer(` ${to!(x)}\n`);
  }
};
