/**
 * The rows of a step in batches that go through the model at once, and the few lengths that they are packed to: a
 * compiled step is made for a length, and texts that are packed to the right one leave little padding.
 */
import type { MicroBatch } from "./engines/engine";
import type { TokenRow } from "./mask";
import { firstFitDecreasing, packRows } from "./packing";
import { roundUp, SHAPE_COST } from "./shapes";

/** Steps that widths are chosen by; of more, every so many are looked at. */
const LOOKED_AT = 200;
/**
 * What a bin of T tokens costs, in tokens through the layers: attention reads every key before a token, which at so
 * many of them is as much work as all else, more or less.
 */
const EVEN = 1024;
const binCost = (T: number) => T * (1 + T / EVEN);

/**
 * At most `most` widths for all steps of a run: those of least cost when each group of rows goes to the width that
 * suits it best, found by adding the one that saves most while that pays, then by exchanging single ones.
 *
 * @param steps lengths of each step's rows; of none, there is no width
 * @param room tokens that go through the model at once, padding included
 */
export function chooseWidths(steps: readonly (readonly number[])[], room: number, most = 4): number[] {
  const apart = Math.ceil(steps.length / LOOKED_AT);
  const groups = steps
    .filter((_, i) => i % apart === 0)
    .flatMap((lengths) => grouped(lengths, (n) => n, room, roundUp));
  // The longest row may be in a step that was not looked at.
  const longest = roundUp(steps.reduce((most, lengths) => Math.max(most, ...lengths), 0));
  if (longest === 0) return [];
  const grain = roundUp(1);
  const candidates = Array.from({ length: (2 * longest) / grain }, (_, i) => grain * (i + 1));
  const costs = candidates.map((T) => groups.map((lengths) => costAt(lengths, T, room)));
  const total = (widths: readonly number[]) =>
    groups.reduce((sum, _, g) => sum + Math.min(...widths.map((w) => costs[w]![g]!)), 0);
  const holdsAll = (widths: readonly number[]) => widths.some((w) => candidates[w]! >= longest);

  const all = [...candidates.keys()];
  const best = (sets: readonly number[][]) =>
    sets.filter(holdsAll).reduce((a, b) => (total(b) < total(a) ? b : a));
  let chosen = best(all.map((w) => [w]));
  while (chosen.length < Math.min(most, all.length)) {
    const larger = best(all.map((w) => [...chosen, w]));
    if (apart * (total(chosen) - total(larger)) < SHAPE_COST) break;
    chosen = larger;
  }
  for (;;) {
    const exchanged = best(chosen.flatMap((_, i) => all.map((w) => chosen.with(i, w))));
    if (total(exchanged) >= total(chosen)) break;
    chosen = exchanged;
  }
  return [...new Set(chosen)].map((w) => candidates[w]!).sort((a, b) => a - b);
}

/** Of a group whose rows, one below the other at the least width, are `room` tokens at most. */
function costAt(lengths: readonly number[], T: number, room: number): number {
  if (T < Math.max(...lengths)) return Number.POSITIVE_INFINITY;
  const bins = firstFitDecreasing(lengths, T).length;
  return bins === 1 || bins * T <= room ? bins * binCost(T) : Number.POSITIVE_INFINITY;
}

/**
 * The rows of a step as packed batches of at most `room` tokens, padding included; similar lengths go together. Each is
 * packed to the width of least cost.
 *
 * @param widths from `chooseWidths`, of steps that this one is among
 */
export function microBatches(
  rows: readonly TokenRow[],
  room: number,
  widths: readonly number[],
): MicroBatch[] {
  const least = (length: number) => widths.find((T) => T >= length)!;
  return grouped(rows, (row) => row.ids.length, room, least).map((own) => {
    const lengths = own.map(({ ids }) => ids.length);
    const cost = (T: number) => costAt(lengths, T, room);
    return packRows(
      own,
      widths.reduce((a, b) => (cost(b) < cost(a) ? b : a), least(lengths[0]!)),
    );
  });
}

/** Items, the longest first, in groups whose bins, packed to the width of the longest, are `room` tokens at most. */
function grouped<T>(
  items: readonly T[],
  lengthOf: (item: T) => number,
  room: number,
  widthOf: (length: number) => number,
): T[][] {
  const groups: T[][] = [];
  let width = 0;
  let free: number[] = [];
  for (const item of [...items].sort((a, b) => lengthOf(b) - lengthOf(a))) {
    const length = lengthOf(item);
    let bin = free.findIndex((left) => left >= length);
    if (bin < 0) {
      if (groups.length === 0 || (free.length + 1) * width > room) {
        groups.push([]);
        width = widthOf(length);
        free = [];
      }
      bin = free.push(width) - 1;
    }
    free[bin]! -= length;
    groups.at(-1)!.push(item);
  }
  return groups;
}
