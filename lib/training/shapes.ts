/**
 * The few shapes that the batches of a run are padded to. A compiled step is made for one shape, and each takes a
 * second or two to make: so there are few, chosen from the batches that the run will have.
 */
import type { MicroBatch } from "./engines/engine";

/** Bins, tokens of each, and trained tokens of a batch. */
export interface BatchShape {
  B: number;
  T: number;
  R: number;
}

/** What a step is compiled for. Null is whatever a batch has. */
export interface StepShape {
  B: number | null;
  T: number;
  R: number | null;
}

export const shapeOf = ({ batch, targets }: MicroBatch): BatchShape => ({
  B: batch.B,
  T: batch.T,
  R: targets.rows.length,
});

/** Lengths are multiples of this. */
const GRAIN = 32;
export const roundUp = (length: number) => GRAIN * Math.ceil(length / GRAIN);

/** What compiling one more shape costs, in tokens through the layers: measured at 1 and at 135 M parameters. */
export const SHAPE_COST = 16_384;

/** What a step of this shape costs, roughly: tokens through the layers, and rows through the vocabulary. */
const cost = ({ B, T, R }: BatchShape) => B * T + R;
const holds = (large: StepShape, small: BatchShape) =>
  (large.B ?? small.B) >= small.B && large.T >= small.T && (large.R ?? small.R) >= small.R;
const union = (a: BatchShape, b: BatchShape): BatchShape => ({
  B: Math.max(a.B, b.B),
  T: Math.max(a.T, b.T),
  R: Math.max(a.R, b.R),
});
const key = ({ B, T, R }: StepShape) => `${B ?? "B"}x${T}x${R ?? "R"}`;

/**
 * At most `most` shapes, each batch fitting into one of them: sizes are rounded up first (T to 32 tokens, R to an eighth of
 * B·T), then the two shapes whose union wastes least are made one until there are few enough and it would waste more than
 * another shape costs.
 */
export function chooseShapes(
  batches: Iterable<BatchShape>,
  most: number,
  shapeCost = SHAPE_COST,
): BatchShape[] {
  const counts = new Map<string, { shape: BatchShape; count: number }>();
  for (const batch of batches) {
    const T = roundUp(batch.T);
    const eighth = Math.ceil((batch.B * T) / 8);
    const shape = { B: batch.B, T, R: Math.max(eighth, eighth * Math.ceil(batch.R / eighth)) };
    const entry = counts.get(key(shape)) ?? { shape, count: 0 };
    entry.count++;
    counts.set(key(shape), entry);
  }
  const groups = [...counts.values()];
  while (groups.length > 1) {
    let best = { a: 0, b: 1, waste: Number.POSITIVE_INFINITY };
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const [first, second] = [groups[a]!, groups[b]!];
        const whole = cost(union(first.shape, second.shape));
        const waste = first.count * (whole - cost(first.shape)) + second.count * (whole - cost(second.shape));
        if (waste < best.waste) best = { a, b, waste };
      }
    if (groups.length <= most && best.waste >= shapeCost) break;
    const [second] = groups.splice(best.b, 1);
    const first = groups[best.a]!;
    groups[best.a] = { shape: union(first.shape, second!.shape), count: first.count + second!.count };
  }
  return groups.map((group) => group.shape).sort((a, b) => cost(a) - cost(b) || key(a).localeCompare(key(b)));
}

/**
 * The same where the number of bins and of trained tokens may be any: at most `most` lengths, multiples of 32, of which
 * those that waste least are taken for the next longer.
 */
export function chooseLengths(batches: readonly BatchShape[], most: number): StepShape[] {
  const bins = new Map<number, number>();
  for (const { B, T } of batches) {
    const length = roundUp(T);
    bins.set(length, (bins.get(length) ?? 0) + B);
  }
  const lengths = [...bins].sort(([a], [b]) => a - b).map(([length, count]) => ({ length, count }));
  while (lengths.length > most) {
    const wastes = lengths.slice(1).map((next, i) => lengths[i]!.count * (next.length - lengths[i]!.length));
    const least = wastes.indexOf(Math.min(...wastes));
    lengths[least + 1]!.count += lengths[least]!.count;
    lengths.splice(least, 1);
  }
  return lengths.map(({ length }) => ({ B: null, T: length, R: null }));
}

/** The cheapest shape that holds a batch. Throws RangeError where none does. */
export function shapeFor<S extends StepShape>(batch: BatchShape, shapes: readonly S[]): S {
  const fitting = shapes.find((shape) => holds(shape, batch));
  if (!fitting) throw new RangeError(`no shape holds ${key(batch)}; known: ${shapes.map(key).join(", ")}`);
  return fitting;
}

/**
 * The same batch in a larger shape: rows and tokens of padding (segment 0), targets of weight 0. An open R is rounded up,
 * for the native kernels keep what they prepared for a size.
 */
export function padBatch({ batch, targets, names }: MicroBatch, shape: StepShape): MicroBatch {
  const { T } = shape;
  const B = shape.B ?? batch.B;
  const R = shape.R ?? roundUp(targets.rows.length);
  const widen = (from: Int32Array) => {
    const to = new Int32Array(B * T);
    for (let b = 0; b < batch.B; b++) to.set(from.subarray(b * batch.T, (b + 1) * batch.T), b * T);
    return to;
  };
  const rows = new Int32Array(R);
  targets.rows.forEach((row, i) => {
    rows[i] = Math.floor(row / batch.T) * T + (row % batch.T);
  });
  const labels = new Int32Array(R);
  labels.set(targets.labels);
  const weights = new Float32Array(R);
  weights.set(targets.weights);
  return {
    batch: {
      ids: widen(batch.ids),
      positions: widen(batch.positions),
      segments: widen(batch.segments),
      B,
      T,
    },
    targets: { rows, labels, weights },
    names,
  };
}
