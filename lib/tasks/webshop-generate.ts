/** Miniature goals over the miniature catalogue, in the official phrasing. */
import type { Goal, Product, Shop } from "../envs/web-shop";
import { InputError } from "../util/errors";
import { sha256 } from "../util/hash";
import { createRng, type Rng } from "../util/random";
import type { GenerateOptions, Split } from "./task";
import type { WebShopInstance } from "./webshop";
import { miniatureProducts, miniatureShop } from "./webshop-catalogue";
import { bestPurchase } from "./webshop-gold";

/**
 * What makes a goal hard, from the easiest fifth of difficulties to the hardest: how many attributes and options it
 * names, and on which result page the first product stands that has them all below the price limit.
 */
const levels = [
  { attributes: 1, options: ["color"], page: 1 },
  { attributes: 1, options: ["size", "color"], page: 1 },
  { attributes: 2, options: ["size", "color"], page: 1 },
  { attributes: 2, options: ["size", "color", "style"], page: 1 },
  { attributes: 2, options: ["size", "color", "style"], page: 2 },
] as const;

const OPENINGS = ["I want", "I need", "I am looking for"];
const ATTEMPTS = 2000;

/** Makes goals whose instructions differ. Throws InputError where so many do not exist. */
export function generateGoals({
  split,
  count,
  seed,
  difficulty = [0, 1],
}: GenerateOptions): WebShopInstance[] {
  const rng = createRng(`webshop/${split}/${seed}`);
  const instances = new Map<string, WebShopInstance>();
  const [low, high] = difficulty;
  while (instances.size < count) {
    const hard = low + rng.next() * (high - low);
    const goal = drawUntil(rng, hard, (text) => splitOf(text) === split && !instances.has(text));
    if (!goal)
      throw new InputError(
        `webshop: only ${instances.size} of ${count} different goals of difficulty ${low} to ${high} were found in ` +
          `the ${split} split of the miniature catalogue; ask for fewer or widen the difficulty`,
      );
    const id = `webshop-${split}-${seed}-${instances.size}`;
    instances.set(goal.instruction, {
      id,
      split,
      difficulty: hard,
      source: "generated",
      catalogue: null,
      goal,
    });
  }
  return [...instances.values()];
}

function drawUntil(rng: Rng, difficulty: number, accept: (instruction: string) => boolean): Goal | null {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const goal = drawGoal(rng, difficulty);
    if (goal && accept(goal.instruction)) return goal;
  }
  return null;
}

/** A goal of that difficulty, or null where chance built one that its level does not allow. */
function drawGoal(rng: Rng, difficulty: number): Goal | null {
  const level = levels[Math.min(levels.length - 1, Math.floor(difficulty * levels.length))]!;
  const product = rng.pick(miniatureProducts);
  const goal = describe(
    rng,
    product,
    rng.sample(product.attributes, level.attributes),
    level.options.map((name) => rng.pick(product.options[name]!)),
  );
  return targetPage(miniatureShop, goal) === level.page ? goal : null;
}

function describe(rng: Rng, product: Product, attributes: string[], options: string[]): Goal {
  const { asin, title, category, query, productCategory, price } = product;
  // As get_human_goals: two of the next four multiples of ten, and the larger one is the limit.
  const tens = Array.from({ length: 4 }, (_, i) => 10 * (Math.floor(price / 10) + 1 + i));
  const priceUpper = Math.max(...rng.sample(tens, 2));
  const wish = `${rng.pick(OPENINGS)} a ${options.join(" ")} ${query} that is ${attributes.join(" and ")}`;
  const instruction = `${wish}, and price lower than ${priceUpper} dollars`;
  return { asin, title, category, query, productCategory, instruction, attributes, options, priceUpper };
}

/**
 * The result page (from 1) of the first product that looks right; null where there is none, or where it proves to
 * lack an option on its own page, so that what can be seen on the result pages always suffices.
 */
function targetPage(shop: Shop, goal: Goal): number | null {
  const found = shop.search([...goal.options, goal.query].join(" "));
  const looksRight = ({ title, price }: Product) =>
    price <= goal.priceUpper && goal.attributes.every((attribute) => title.split(" ").includes(attribute));
  const index = found.findIndex(looksRight);
  if (index < 0 || bestPurchase(found[index]!, goal).reward < 1) return null;
  return Math.floor(index / shop.pageSize) + 1;
}

/** Seven tenths of all instructions are train, one is dev, two are test: a split is a property of the text. */
function splitOf(instruction: string): Split {
  const tenth = Number.parseInt(sha256(instruction).slice(0, 8), 16) % 10;
  return tenth < 7 ? "train" : tenth === 7 ? "dev" : "test";
}
