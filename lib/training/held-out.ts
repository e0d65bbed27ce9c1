/** Evaluation on rows that are not trained on, and when its losses say to stop. */
import { type Engine, type MicroBatch, weightOf } from "./engines/engine";

export interface HeldOut {
  /** Steps between evaluations. */
  every: number;
  /** Evaluations in a row without a lower loss after which the training stops; null never does. */
  patience: number | null;
  /** The rows, by the name of their source. */
  sources: Readonly<Record<string, readonly MicroBatch[]>>;
}

/** One line of evaluations.jsonl. */
export interface Evaluation {
  /** The model after this step. */
  step: number;
  /** Mean over the trained tokens of all sources, in nats. */
  loss: number;
  /** The same of each source. */
  sources: Record<string, number>;
}

export function evaluateHeldOut(engine: Engine, step: number, { sources }: HeldOut): Evaluation {
  const parts = Object.entries(sources)
    .filter(([, micro]) => micro.length > 0)
    .map(([name, micro]) => ({ name, loss: engine.evaluate(micro), weight: weightOf(micro) }));
  const total = parts.reduce((sum, p) => sum + p.weight, 0);
  return {
    step,
    loss: parts.reduce((sum, p) => sum + (p.loss * p.weight) / total, 0),
    sources: Object.fromEntries(parts.map(({ name, loss }) => [name, loss])),
  };
}

/** The evaluation of the lowest loss, the first of equal ones; null without any. */
export const bestOf = (evaluations: readonly Evaluation[]): Evaluation | null =>
  evaluations.reduce<Evaluation | null>((best, e) => (best && best.loss <= e.loss ? best : e), null);

/** Whether the last `patience` evaluations brought no lower loss. */
export function patienceSpent(evaluations: readonly Evaluation[], patience: number | null): boolean {
  const best = bestOf(evaluations);
  return patience !== null && best !== null && evaluations.length - 1 - evaluations.indexOf(best) >= patience;
}

/** An evaluation as TensorBoard's scalars. */
export const heldOutScalars = ({ loss, sources }: Evaluation): Record<string, number> => ({
  "heldOut/loss": loss,
  ...Object.fromEntries(Object.entries(sources).map(([name, loss]) => [`heldOut/${name}`, loss])),
});
