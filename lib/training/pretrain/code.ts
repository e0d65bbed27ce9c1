/** Small programs and what they print. */
import { type Exercise, type Page, words } from "./page";

const names = (page: Page, k: number) => page.rng.sample(page.material.lexicon["code"]!, k);

/** Variables, then sums of them, spelt out before they are reckoned. */
export const assign: Exercise = (page) => {
  const { rng } = page;
  const values = names(page, rng.int(2, 4)).map((name) => ({ name, value: rng.int(1, 30) }));
  const colon = rng.pick(["", ";"]);
  page.given(values.map((v) => `${v.name} = ${v.value}${colon}\n`).join(""));
  for (let n = rng.int(1, 3); n > 0; n--) {
    const [a, b] = rng.sample(values, 2);
    const operator = rng.pick(["+", "-", "*"] as const);
    const result = { "+": a!.value + b!.value, "-": a!.value - b!.value, "*": a!.value * b!.value }[operator];
    page.given(`print(${a!.name} ${operator} ${b!.name})${colon} #`);
    page.answer(` ${a!.value} ${operator} ${b!.value} = ${result}\n`);
  }
};

/** A dictionary or a list, and what is in it. */
export const lookup: Exercise = (page) => {
  const { rng } = page;
  const [name] = names(page, 1);
  const values = words(page, rng.int(3, 7));
  if (rng.chance(0.5)) {
    page.given(`${name} = [${values.map((v) => `"${v}"`).join(", ")}]\n`);
    for (let n = rng.int(2, 4); n > 0; n--) {
      const i = rng.int(0, values.length - 1);
      page.given(`>>> ${name}[${i}]\n`);
      page.answer(`"${values[i]}"\n`);
    }
    return;
  }
  const keys = words(page, values.length);
  page.given(`${name} = {${keys.map((k, i) => `"${k}": "${values[i]}"`).join(", ")}}\n`);
  for (let n = rng.int(2, 4); n > 0; n--) {
    const i = rng.int(0, keys.length - 1);
    page.given(`>>> ${name}["${keys[i]}"]\n`);
    page.answer(`"${values[i]}"\n`);
  }
};

/** A function defined from a sentence, then called. */
export const define: Exercise = (page) => {
  const { rng } = page;
  const [name, x] = names(page, 2);
  const k = rng.int(1, 20);
  const [verb, operator, run] = rng.pick([
    ["adds", "+", (n: number) => n + k],
    ["takes away", "-", (n: number) => n - k],
    ["multiplies by", "*", (n: number) => n * k],
  ] as const);
  page.given(`# ${name} ${verb} ${k}\ndef ${name}`);
  page.given(`(${x}):\n`);
  page.answer(`    return ${x} ${operator} ${k}\n`);
  for (let n = rng.int(1, 3); n > 0; n--) {
    const at = rng.int(1, 30);
    page.given(`>>> ${name}(${at})\n`);
    page.answer(`${run(at)}\n`);
  }
};

/** A loop, and the lines that it prints. */
export const loop: Exercise = (page) => {
  const { rng } = page;
  const [i, items] = names(page, 2);
  const values = words(page, rng.int(2, 6));
  const prefix = words(page, 1)[0]!;
  page.given(`${items} = [${values.map((v) => `"${v}"`).join(", ")}]\n`);
  page.given(`for ${i} in ${items}:\n    print("${prefix}", ${i})\n`);
  page.answer(values.map((v) => `${prefix} ${v}\n`).join(""));
};
