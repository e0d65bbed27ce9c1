/** What computes: one engine trains one model, one step at a time, on whatever rows it is handed. */
import type { Batch, Targets } from "../../model/llama";

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
}

export interface Engine {
  /**
   * One update on the mean loss of all micro-batches together, whatever their sizes (gradients are accumulated).
   * A loss or gradient that is not finite leaves the model as it was, and is returned.
   */
  step(micro: readonly MicroBatch[], learningRate: number): StepResult;
  /** Writes a Hugging Face folder that transformers and vLLM load. */
  saveModel(folder: string): void;
  /** Writes weights and optimizer to a file, to go on from to the bit. */
  saveState(path: string): void;
  /** Goes on from such a file. */
  restore(path: string): void;
  dispose(): void;
}
