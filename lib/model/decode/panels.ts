/**
 * The weights of linear layers as a decode step reads them fastest: in panels of 32 outputs.
 *
 *     W [out, in]            panels [out/32, in, 32]
 *     ─── row of 1 output    ▐ ▐ ▐  each panel a matrix that the product's kernel runs down once, line by line
 *
 * A step multiplies a few rows with every weight there is. Of W as it lies, the kernels of CPUs first copy each block
 * into such a panel, which for 16 rows costs as much as the product itself.
 */
import * as tf from "@tensorflow/tfjs";
import type { Llama } from "../llama";

const PANEL = 32;

export interface PanelledWeights {
  /** Every parameter and adapter by its name, as they are now: linear layers in panels where they fit, the rest as it is. */
  current(): Record<string, tf.Tensor>;
  dispose(): void;
}

/** Keeps a copy of the linear layers in panels, made again where a weight has changed. Copies nothing on a GPU. */
export function panelledWeights({ weights, adapters = {} }: Llama): PanelledWeights {
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
  const copies = new Map<string, { of: object; panels: tf.Tensor3D }>();
  const embeddings = weights["model.embed_tokens.weight"]!;
  const others = Object.entries(weights).filter(([, weight]) => weight !== embeddings);
  const head = weights["lm_head.weight"] ?? embeddings;
  const linear = [...others.filter(([, { rank }]) => rank === 2), ["lm_head.weight", head] as const].filter(
    ([, { shape }]) => !isUsingGpuDevice && shape[0]! % PANEL === 0,
  );
  const low = Object.entries(adapters).flatMap(([name, { a, b }]) => [
    [`${name}.lora_a`, a] as const,
    [`${name}.lora_b`, b] as const,
  ]);
  return {
    current() {
      for (const [name, weight] of linear) {
        const known = copies.get(name);
        // Assigning to a variable gives it other data.
        if (known?.of === weight.dataId) continue;
        known?.panels.dispose();
        copies.set(name, { of: weight.dataId, panels: inPanels(weight as tf.Tensor as tf.Tensor2D) });
      }
      const panels = [...copies].map(([name, { panels }]) => [name, panels] as const);
      return Object.fromEntries([...Object.entries(weights), ...low, ...panels]);
    },
    dispose() {
      for (const { panels } of copies.values()) panels.dispose();
      copies.clear();
    },
  };
}

const inPanels = (weight: tf.Tensor2D): tf.Tensor3D =>
  tf.tidy(() => {
    const [out, into] = weight.shape;
    return tf.transpose(tf.reshape(weight, [out / PANEL, PANEL, into]), [0, 2, 1]);
  });
