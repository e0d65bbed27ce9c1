/** The official WebShop files, read as princeton-nlp/WebShop's `load_products` and `get_human_goals` read them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Goal, openShop, type Product, type Shop } from "../envs/web-shop";
import { InputError } from "../util/errors";
import { createRng } from "../util/random";
import { officialFile } from "./official";
import type { LoadReport, Split } from "./task";
import type { WebShopInstance } from "./webshop";

/** Products, attributes, human instructions, and the list whose order defines the splits; any name of each will do. */
export const OFFICIAL_FILES = [
  ["items_shuffle.json", "items_shuffle_1000.json"],
  ["items_ins_v2.json", "items_ins_v2_1000.json"],
  ["items_human_ins.json"],
  ["human_goals.json"],
] as const;

/** Folders of the official repository, and the plain folder itself. */
const PLACES = ["", "data", "baseline_models/data", "webshop/data", "webshop/baseline_models/data"];

interface RawProduct {
  asin: string;
  name: string;
  category: string;
  query: string;
  product_category: string;
  full_description: string | null;
  small_description: string | string[] | null;
  pricing: string | null;
  customization_options: Record<string, { value: string }[] | null> | "" | null;
}

interface RawInstruction {
  instruction: string;
  instruction_attributes: string[];
  instruction_options: string[];
}

interface Official {
  products: readonly Product[];
  shop: Shop;
  faults: readonly string[];
}

const opened = new Map<string, Official>();

/** The shop over a folder's product file; opened once per process. Throws InputError naming the missing files. */
export function officialShop(folder: string): Official {
  let official = opened.get(folder);
  if (!official) {
    const [itemsFile, attributesFile] = locate(folder);
    const raw = readJson<RawProduct[]>(itemsFile!);
    const attributes = readJson<Record<string, { attributes?: string[] }>>(attributesFile!);
    const products = new Map<string, Product>();
    const faults: string[] = [];
    raw.forEach((row, i) => {
      // The original drops these three kinds of rows as well.
      if (row.asin === "nan" || row.asin.length > 10 || products.has(row.asin)) return;
      try {
        products.set(row.asin, readProduct(row, attributes[row.asin]?.attributes));
      } catch (error) {
        faults.push(`product ${i + 1}: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
    official = { products: [...products.values()], shop: openShop([...products.values()]), faults };
    opened.set(folder, official);
  }
  return official;
}

/**
 * The human goals of a split: by their position in human_goals.json, 0 to 499 test, 500 to 1499 dev, then train.
 *
 * The original draws a price limit anew on every start; here it is drawn from the goal's own text.
 */
export async function* loadGoals(
  folder: string,
  split: Split,
  report: LoadReport,
): AsyncGenerator<WebShopInstance> {
  const [itemsFile, , instructionsFile, orderFile] = locate(folder);
  const { products, faults } = officialShop(folder);
  for (const fault of faults) report.fault(itemsFile!, 1, fault);
  const instructions = readJson<Record<string, RawInstruction[]>>(instructionsFile!);
  const position = new Map(readJson<string[]>(orderFile!).map((text, i) => [plain(text), i]));
  for (const product of products) {
    for (const [n, row] of (instructions[product.asin] ?? []).entries()) {
      // As in the original, an instruction without attributes is no goal.
      if (row.instruction_attributes.length === 0) continue;
      const place = position.get(plain(row.instruction));
      if (place === undefined) {
        report.fault(instructionsFile!, 1, `${product.asin}: instruction is not in human_goals.json`);
        continue;
      }
      if (splitOf(place) !== split) continue;
      yield {
        id: `webshop-${product.asin}-${n}`,
        split,
        difficulty: null,
        source: instructionsFile!,
        catalogue: folder,
        goal: readGoal(product, row),
      };
    }
  }
}

function splitOf(position: number): Split {
  return position < 500 ? "test" : position < 1500 ? "dev" : "train";
}

function plain(instruction: string): string {
  return instruction
    .toLowerCase()
    .replace(/^\.+|\.+$/g, "")
    .trim();
}

function readGoal(product: Product, row: RawInstruction): Goal {
  const { asin, title, category, query, productCategory, price } = product;
  const text = row.instruction.replace(/^\.+|\.+$/g, "");
  // The multiples of ten below 1000 above the price, four at most; fewer than two mean no limit.
  const tens = Array.from({ length: 99 }, (_, i) => 10 * (i + 1))
    .filter((p) => p > price)
    .slice(0, 4);
  const limited = tens.length >= 2;
  const priceUpper = limited ? Math.max(...createRng(`${asin}/${text}`).sample(tens, 2)) : 1_000_000;
  return {
    asin,
    title,
    category,
    query,
    productCategory,
    instruction: limited ? `${text}, and price lower than ${priceUpper.toFixed(2)} dollars` : text,
    attributes: row.instruction_attributes,
    options: row.instruction_options,
    priceUpper,
  };
}

function readProduct(row: RawProduct, attributes: string[] | undefined): Product {
  const prices = readPrices(row.pricing);
  const [low, high] = prices;
  const { small_description: bullets, customization_options: customization } = row;
  const options = Object.entries(customization || {})
    .filter(([, values]) => values !== null)
    .map(([name, values]) => [
      name.toLowerCase(),
      values!.map(({ value }) => value.trim().replaceAll("/", " | ").toLowerCase()),
    ]);
  return {
    asin: row.asin,
    title: row.name,
    category: row.category,
    query: row.query.toLowerCase().trim(),
    productCategory: row.product_category,
    attributes: attributes ?? ["DUMMY_ATTR"],
    bulletPoints: Array.isArray(bullets) ? bullets : [bullets ?? ""],
    description: row.full_description ?? "",
    options: Object.fromEntries(options),
    price: high === undefined ? low! : low! + createRng(row.asin).next() * (high - low!),
    priceTag: prices.slice(0, 2).map(dollars).join(" to "),
  };
}

/** `$10.99` or `$10.99 - $20.00`; 100 dollars where the file has none. */
function readPrices(pricing: string | null): number[] {
  if (!pricing) return [100];
  const prices = pricing
    .split("$")
    .slice(1)
    .map((part) => Number.parseFloat(part.replace(/[^\d.]/g, "")));
  if (prices.length === 0 || prices.some(Number.isNaN)) throw new Error(`no price in "${pricing}"`);
  return prices;
}

/** Python's `f"${x}"` of a float. */
function dollars(price: number): string {
  return `$${Number.isInteger(price) ? price.toFixed(1) : price}`;
}

/** Throws InputError naming all the files that are missing. */
function locate(folder: string): string[] {
  const faults: string[] = [];
  const paths = OFFICIAL_FILES.map((names) => {
    try {
      return officialFile(
        folder,
        "webshop",
        names.flatMap((name) => PLACES.map((place) => join(place, name))),
      );
    } catch {
      faults.push(
        `webshop: no ${names.join(" or ")} in ${folder} or its folders ${PLACES.slice(1).join(", ")}`,
      );
      return "";
    }
  });
  if (faults.length > 0) throw new InputError(faults);
  return paths;
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    throw new InputError(`${path}: not JSON: ${(error as Error).message}`);
  }
}
