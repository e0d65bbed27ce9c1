/** Learning rate as a function of the step: linear warm-up, then one of four shapes. */
export const schedules = ["cosine", "linear", "constant", "trapezoid"] as const;

export interface ScheduleOptions {
  shape: (typeof schedules)[number];
  /** Highest learning rate, reached at the end of the warm-up. */
  peak: number;
  /** Steps in all. */
  steps: number;
  /** Share of the steps spent warming up. The paper: .03. */
  warmup: number;
  /** Trapezoid only: share of the steps, at the end, in which the rate falls. Default .4. */
  decay?: number;
}

/**
 * Learning rate of step `step` (0 … steps − 1); never 0, so that no step is wasted.
 *
 *     cosine  peak·½(1 + cos πt)     linear  peak·(1 − t)     t: share of the way from warm-up to the end
 *     constant  peak                 trapezoid  peak, then linear over the last `decay` of the steps
 */
export function learningRateAt(step: number, options: ScheduleOptions): number {
  const { shape, peak, steps } = options;
  const rising = Math.round(options.warmup * steps);
  if (step < rising) return (peak * (step + 1)) / rising;
  const t = (step - rising) / Math.max(1, steps - rising);
  if (shape === "cosine") return (peak * (1 + Math.cos(Math.PI * t))) / 2;
  if (shape === "linear") return peak * (1 - t);
  if (shape === "constant") return peak;
  return peak * Math.min(1, (steps - step) / Math.max(1, (options.decay ?? 0.4) * steps));
}
