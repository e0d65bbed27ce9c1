/** Activation recomputation (Chen et al. 2016, section 3): memory for time. */
import * as tf from "@tensorflow/tfjs";
import { later } from "../compile/later";

/**
 * y = f(x), of which x alone is kept; f is computed again when its gradient is asked for, so that all it would have
 * kept is there for one call at a time. Gradients go to x and to `variables`, every one of which f must read. What else
 * f reads must live until then: made inside f, or outside of the function that is differentiated.
 */
export function recomputed(
  f: (x: tf.Tensor2D) => tf.Tensor2D,
  x: tf.Tensor2D,
  variables: readonly tf.Variable[],
): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [x] = args as [tf.Tensor2D];
    save([x]);
    const gradFunc = (dy: tf.Tensor, [kept]: tf.Tensor[]) =>
      onOwnTape(() => {
        const x = later(kept as tf.Tensor2D, dy);
        return tf.engine().gradients(() => f(x), [x, ...variables], dy).grads;
      });
    return { value: f(x), gradFunc };
  });
  return op(x, ...variables) as tf.Tensor2D;
}

/** tfjs has one tape, which a gradient within a gradient would take for its own and throw away. */
function onOwnTape<T>(compute: () => T): T {
  const { state } = tf.engine();
  const tape = state.activeTape;
  try {
    return compute();
  } finally {
    state.activeTape = tape;
  }
}
