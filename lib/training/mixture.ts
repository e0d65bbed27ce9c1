/**
 * Which rows a step trains on: drawn from the sources by ratio (section 3.5 of AgentBank; the η of AgentTuning, Eq. 1),
 * never by putting the sources end to end.
 *
 * The ratio is one of TOKENS: a source of long rows is drawn less often, so that over a run each source has its share
 * of the tokens that the model reads. Within a source rows come in random order, each once before any comes again.
 */
import { createRng } from "../util/random";

/** Rows of one source, by their length in tokens, and the source's share. */
export interface Source {
  lengths: readonly number[];
  ratio: number;
}

/** A row: which source, which of its rows. */
export type Draw = readonly [source: number, row: number];

/** A batch is so many rows, or as many rows as make so many tokens (the last row may go beyond). */
export type BatchSize = { rows: number } | { tokens: number };

/** How long to train. An epoch is the first source with a share, once through. */
export type Budget = { steps: number } | { epochs: number } | { tokens: number };

/**
 * The rows of every step: a pure function of its arguments, so a resumed run plans the same. The last step of an
 * epoch or token budget may be smaller. A source without rows or with ratio 0 is never drawn.
 *
 * @throws RangeError when nothing can be drawn.
 */
export function planSteps(
  sources: readonly Source[],
  batch: BatchSize,
  budget: Budget,
  seed: number,
): Draw[][] {
  const drawn = sources.flatMap((s, index) =>
    s.ratio > 0 && s.lengths.length > 0
      ? [
          {
            index,
            lengths: s.lengths,
            chance: s.ratio / mean(s.lengths),
            next: endless(s.lengths.length, seed, index),
          },
        ]
      : [],
  );
  const first = drawn[0];
  if (!first) throw new RangeError("no source has both rows and a share of the mixture");
  const total = drawn.reduce((sum, s) => sum + s.chance, 0);
  const choice = createRng(`${seed}/mixture`);
  const pick = () => {
    let left = choice.next() * total;
    for (const source of drawn) {
      left -= source.chance;
      if (left < 0) return source;
    }
    return first;
  };

  const steps: Draw[][] = [];
  let [tokens, passed] = [0, 0];
  const spent = () => {
    if ("steps" in budget) return steps.length >= budget.steps;
    return "epochs" in budget ? passed >= budget.epochs * first.lengths.length : tokens >= budget.tokens;
  };
  while (!spent()) {
    const step: Draw[] = [];
    let size = 0;
    do {
      const source = pick();
      const row = source.next();
      step.push([source.index, row]);
      tokens += source.lengths[row]!;
      size += "rows" in batch ? 1 : source.lengths[row]!;
      if (source === first) passed++;
    } while (size < ("rows" in batch ? batch.rows : batch.tokens) && ("steps" in budget || !spent()));
    steps.push(step);
  }
  return steps;
}

/** 0 … n − 1 in random order, then again in another. */
function endless(n: number, seed: number, source: number): () => number {
  let order: number[] = [];
  let pass = 0;
  return () => {
    if (order.length === 0)
      order = createRng(`${seed}/source/${source}/${pass++}`).shuffle(Array.from({ length: n }, (_, i) => i));
    return order.pop()!;
  };
}

const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length;
