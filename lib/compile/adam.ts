/**
 * Adam's update of a variable in place, TensorFlow's ResourceApplyAdam: one pass over weight, moments and gradient, and
 * no copies. Written in small operations the update reads and writes a model's size a dozen times, and TensorFlow, which
 * runs whatever is ready, holds most of what lies between for all variables at once.
 */
import * as tf from "@tensorflow/tfjs";
import type { Node } from "./graph";
import type { Recorder } from "./recorder";

export interface AdamInputs {
  /** Weight and both moments: variables of the program, as its function was given them. */
  w: tf.Variable;
  m: tf.Variable;
  v: tf.Variable;
  /** Not scaled yet. */
  gradient: tf.Tensor;
  /** Scalars, computed or of JavaScript. The gradient counts `scale` times; 0 stands for no gradient, finite or not. */
  scale: tf.Scalar;
  rate: tf.Scalar;
  beta1: tf.Scalar;
  beta2: tf.Scalar;
  floor: tf.Scalar;
  /** What is left of the weight before the update (decoupled decay). Default: all of it. */
  kept?: tf.Scalar;
}

/**
 * Records, with g = scale · gradient,
 *
 *     m ← m + (1 − β₁)(g − m)    v ← v + (1 − β₂)(g² − v)    w ← kept · w − rate · m / (√v + floor)
 *
 * to be done once all reads of the three have been; within the function they keep their old values. Only while recording.
 */
export function applyAdam({ kept, ...inputs }: AdamInputs): void {
  // tfjs's names of tensors are read as the kernel's inputs: an absent one must not be among them.
  tf.engine().runKernel("ApplyAdam", (kept ? { ...inputs, kept } : inputs) as unknown as tf.NamedTensorMap);
}

/** The recorder's kernel of it. */
export function recordAdam(r: Recorder, inputs: Record<string, tf.TensorInfo>): tf.TensorInfo[] {
  const float = { type: "float32" } as const;
  const node = (name: string) => r.nodeOf(inputs[name]!);
  const [w, m, v] = [node("w"), node("m"), node("v")];
  const reads = [w, m, v];
  const handle = (read: Node) => {
    if (read.op !== "ReadVariableOp") throw new Error("Adam updates variables that nothing was assigned to");
    return read.inputs[0]!;
  };
  // NaN · 0 is 0 here, so that a gradient that is not finite can be left out.
  const gradient = r.graph.add("MulNoNan", [node("gradient"), node("scale")], { T: float });
  const before = [...reads];
  if (inputs["kept"]) {
    // One after another: each holds a copy of its weight.
    const after = r.effects.slice(-1);
    const decayed = r.graph.add("Mul", [w, node("kept")], { T: float }, { after });
    before.push(r.graph.add("AssignVariableOp", [handle(w), decayed], { dtype: float }, { after: reads }));
  }
  const zero = r.constant([0], [], "float32");
  const scalars = [zero, zero, node("rate"), node("beta1"), node("beta2"), node("floor"), gradient];
  const attributes = { T: float, use_locking: { bool: false }, use_nesterov: { bool: false } };
  r.effects.push(
    r.graph.add("ResourceApplyAdam", [...reads.map(handle), ...scalars], attributes, { after: before }),
  );
  return [];
}
