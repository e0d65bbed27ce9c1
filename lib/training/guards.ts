/** What a step's loss is held against, and what is done about one that jumps. */

export const spikeActions = ["warn", "skip", "stop"] as const;

export interface SpikeGuard {
  /** A loss so many times the median of those before it is a spike. */
  factor: number;
  /** Say so; leave the model as it was before the step; or end the run. */
  action: (typeof spikeActions)[number];
}

/** Losses that the median is of, and how many there must be before anything is called a spike. */
const WINDOW = 64;
const ENOUGH = 16;

/** The loss above which the next step is a spike: `factor` times the median of the last 64; Infinity before the 16th. */
export function spikeLimit(losses: readonly number[], factor: number): number {
  if (losses.length < ENOUGH) return Number.POSITIVE_INFINITY;
  const sorted = losses.slice(-WINDOW).sort((a, b) => a - b);
  return factor * sorted[Math.floor(sorted.length / 2)]!;
}

/** What is said of a spike. */
export const spikeFault = (loss: number, limit: number, factor: number): string =>
  `loss ${loss.toFixed(4)} is above ${limit.toFixed(4)}, ${factor} times the median before it`;
