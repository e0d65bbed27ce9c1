/**
 * When a value counts as there. TensorFlow runs whatever is ready, and computes once what a graph says twice: neither
 * is wanted of what is computed again to save memory.
 */
import * as tf from "@tensorflow/tfjs";
import { RECORDER, type Recorder } from "./recorder";

/** `x`, but in a graph not before `until` has been computed; elsewhere `x` itself. */
export function later<T extends tf.Tensor>(x: T, until: tf.Tensor): T {
  return tf.getBackend() === RECORDER ? (tf.engine().runKernel("Later", { x, until }) as T) : x;
}

/** The recorder's kernel of it. */
export function recordLater(r: Recorder, { x, until }: Record<string, tf.TensorInfo>): tf.TensorInfo {
  const attributes = { T: { type: x!.dtype as "float32" } };
  const node = r.graph.add("Identity", [r.nodeOf(x!)], attributes, { after: [r.nodeOf(until!)] });
  return r.result(node, x!.shape, x!.dtype);
}
