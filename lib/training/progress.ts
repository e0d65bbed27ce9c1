/** Steps, loss and tokens a second on stderr. */
import { type Progress, startProgress } from "../util/progress";
import type { StepMetrics } from "./loop";

/** A display that starts with the first step it is told of, which may be one in the middle of a resumed run. */
export function trainingProgress(label: string): {
  onStep(metrics: StepMetrics & { steps: number }): void;
  stop(): void;
} {
  let progress: Progress | undefined;
  let tokens = 0;
  const start = Date.now();
  return {
    onStep({ step, steps, loss, tokens: read }) {
      progress ??= startProgress(label, steps - step + 1);
      tokens += read;
      const rate = Math.round(tokens / ((Date.now() - start) / 1000));
      progress.tick(1, `· step ${step}/${steps} · loss ${loss.toFixed(3)} · ${rate} tok/s`);
    },
    stop: () => progress?.stop(),
  };
}
