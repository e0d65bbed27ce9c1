/** What computes: one engine trains one model, one step at a time, on whatever rows it is handed. */
import type * as tf from "@tensorflow/tfjs";
import type { Batch, Llama, Targets } from "../../model/llama";

/** Rows that go through the model together. */
export interface MicroBatch {
  batch: Batch;
  targets: Targets;
  /** Names of the rows, for messages. */
  names: readonly string[];
}

export interface StepResult {
  /** Mean loss over the weights of the step's targets, in nats. */
  loss: number;
  /** Global norm of the gradient before clipping. */
  gradNorm: number;
  /** What else the objective tells of the step. */
  scores?: Readonly<Record<string, number>>;
}

/** What a step minimises: the sum over its micro-batches, divided by their total. */
export interface Objective {
  total(micro: readonly MicroBatch[]): number;
  /**
   * Puts a micro-batch on the device for as long as `use` runs. `use` is given its loss times `scale`, to be called
   * where gradients are taken.
   */
  onDevice<T>(view: () => Llama, micro: MicroBatch, scale: number, use: (loss: () => tf.Scalar) => T): T;
  /** What it saw since it was last asked. */
  scores?(): Record<string, number>;
}

export interface Engine {
  /**
   * One update on the mean loss of all micro-batches together, whatever their sizes (gradients are accumulated).
   * A loss or gradient that is not finite, or a loss above `limit`, leaves the model as it was, and is returned.
   *
   * @param limit default: none
   */
  step(micro: readonly MicroBatch[], learningRate: number, limit?: number): StepResult;
  /** Mean loss over the weights of the targets, in nats; nothing is trained. */
  evaluate(micro: readonly MicroBatch[]): number;
  /** Writes a Hugging Face folder that transformers and vLLM load; of adapters see lora.ts. */
  saveModel(folder: string): void;
  /** Writes weights and optimizer to a file, to go on from to the bit. */
  saveState(path: string): void;
  /** Goes on from such a file. */
  restore(path: string): void;
  dispose(): void;
}

/** Σ of the weights of all targets. */
export const weightOf = (micro: readonly MicroBatch[]): number =>
  micro.reduce((sum, m) => sum + m.targets.weights.reduce((a, b) => a + b, 0), 0);
