/** How two specs differ, field by field. */

export interface Difference {
  /** `settings.learningRate`, `agent[gsm8k].from.seed`; `[*]` where several elements differ alike. */
  path: string;
  /** JSON of either value; null where the field is not there. */
  a: string | null;
  b: string | null;
}

/**
 * The leaves of plain data by their paths: `{ a: { b: 1 }, c: [2] }` gives `a.b` 1 and `c[0]` 2. The elements of a list
 * are named by the task that they are of where each has one, so that a task more or less moves no other.
 */
export function leaves(value: unknown, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (part: unknown, at: string): void => {
    if (part === undefined) return;
    if (Array.isArray(part) && part.length > 0) {
      const names = elementNames(part);
      for (const [i, element] of part.entries()) visit(element, `${at}[${names[i]}]`);
    } else if (typeof part === "object" && part !== null && Object.keys(part).length > 0) {
      for (const [key, member] of Object.entries(part)) visit(member, at === "" ? key : `${at}.${key}`);
    } else {
      found.set(at, JSON.stringify(part));
    }
  };
  visit(value, path);
  return found;
}

function elementNames(list: readonly unknown[]): readonly string[] {
  const names = list.map((element) => taskOf(element) ?? "");
  return names.every((name) => name !== "") && new Set(names).size === names.length
    ? names
    : list.map((_, i) => String(i));
}

/** The task of a slice of trajectories. */
function taskOf(element: unknown): string | undefined {
  return (element as { from?: { instances?: { task?: string } } } | null)?.from?.instances?.task;
}

/** Every field in which two pieces of plain data differ, in the order of their paths; those that differ alike are one. */
export function differences(a: unknown, b: unknown): Difference[] {
  return merged(differing(leaves(a), leaves(b)));
}

/** The same of leaves, each by itself. */
export function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): Difference[] {
  const found: Difference[] = [];
  for (const [path, value] of a)
    if (b.get(path) !== value) found.push({ path, a: value, b: b.get(path) ?? null });
  for (const [path, value] of b) if (!a.has(path)) found.push({ path, a: null, b: value });
  return found.sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : 0));
}

function merged(list: readonly Difference[]): Difference[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of list) {
    const { path, a, b } = difference;
    const key = JSON.stringify([path.replace(/\[[^\]]*\]/g, "[*]"), a, b]);
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups.values()].map((group) =>
    group.length === 1 ? group[0]! : { ...group[0]!, path: group[0]!.path.replace(/\[[^\]]*\]/g, "[*]") },
  );
}

/** `settings.learningRate 0.004 → 0.002`. */
export function printDifference({ path, a, b }: Difference): string {
  return `${path} ${a ?? "absent"} → ${b ?? "absent"}`;
}
