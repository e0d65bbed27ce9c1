/** Several texts in one row of the batch, kept apart: block-diagonal attention, positions that restart. */
import type { MicroBatch } from "./engines/engine";
import type { TokenRow } from "./mask";

/**
 * First-fit decreasing (Johnson 1973): the longest text first, each into the first bin that still has room. Gives bins
 * of indices into `lengths`; no bin holds more than `capacity`, and at most 11/9 of the fewest possible bins are used.
 *
 * @throws RangeError when a length exceeds the capacity.
 */
export function firstFitDecreasing(lengths: readonly number[], capacity: number): number[][] {
  const bins: { free: number; items: number[] }[] = [];
  const order = [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  for (const item of order) {
    const length = lengths[item]!;
    if (length > capacity) throw new RangeError(`a text of ${length} tokens does not fit ${capacity}`);
    const bin = bins.find((b) => b.free >= length);
    if (bin) {
      bin.free -= length;
      bin.items.push(item);
    } else bins.push({ free: capacity - length, items: [item] });
  }
  return bins.map((b) => b.items);
}

/**
 * Packs rows into B bins of T tokens. Every token gets in once; texts share a bin but never a segment, and a token's
 * label is the next one of its own text.
 *
 *     bin       a a a a b b b ·        T = 8; · is padding, segment 0
 *     segments  1 1 1 1 2 2 2 0
 *     positions 0 1 2 3 0 1 2 0
 *     labels    a a a – b b – –        kept where that next token is trained
 *
 * @param T default: the length of the longest row, which wastes least.
 */
export function packRows(
  rows: readonly TokenRow[],
  T = Math.max(...rows.map((r) => r.ids.length)),
): MicroBatch {
  const bins = firstFitDecreasing(
    rows.map((r) => r.ids.length),
    T,
  );
  const B = bins.length;
  const ids = new Int32Array(B * T);
  const positions = new Int32Array(B * T);
  const segments = new Int32Array(B * T);
  const at: number[] = [];
  const labels: number[] = [];
  bins.forEach((bin, b) => {
    let start = b * T;
    bin.forEach((index, k) => {
      const row = rows[index]!;
      row.ids.forEach((id, i) => {
        ids[start + i] = id;
        positions[start + i] = i;
        segments[start + i] = k + 1;
        if (i === 0 || !row.trained[i]) return;
        at.push(start + i - 1);
        labels.push(id);
      });
      start += row.ids.length;
    });
  });
  return {
    batch: { ids, positions, segments, B, T },
    targets: {
      rows: Int32Array.from(at),
      labels: Int32Array.from(labels),
      weights: new Float32Array(labels.length).fill(1),
    },
    names: rows.map((r) => r.name),
  };
}

/** Share of the batch that is text and not padding. */
export function packingEfficiency({ batch }: MicroBatch): number {
  return batch.segments.reduce((n, s) => n + (s > 0 ? 1 : 0), 0) / batch.segments.length;
}
