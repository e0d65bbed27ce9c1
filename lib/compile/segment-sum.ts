/** Sums by segment, as many as another tensor has rows: a number that a graph may not know when it is recorded. */
import * as tf from "@tensorflow/tfjs";
import { RECORDER, type Recorder } from "./recorder";

/** out[ids[i]] += x[i]: x [N, …], ids [N]; out is as long as `like`. */
export function segmentSum(x: tf.Tensor2D, ids: tf.Tensor1D, like: tf.Tensor2D): tf.Tensor2D {
  return tf.getBackend() === RECORDER
    ? (tf.engine().runKernel("SegmentSumLike", { x, ids, like }) as tf.Tensor2D)
    : tf.unsortedSegmentSum(x, ids, like.shape[0]);
}

/** The recorder's kernel of it. */
export function recordSegmentSum(
  r: Recorder,
  { x, ids, like }: Record<string, tf.TensorInfo>,
): tf.TensorInfo {
  const int32 = { type: "int32" } as const;
  const T = { type: x!.dtype as "float32" };
  const shape = r.graph.add("Shape", [r.nodeOf(like!)], {
    T: { type: like!.dtype as "float32" },
    out_type: int32,
  });
  const first = [r.integers([0]), r.integers([1]), r.integers([1])];
  const masks = { begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 1 };
  const length = r.graph.add("StridedSlice", [shape, ...first], {
    T: int32,
    Index: int32,
    ...Object.fromEntries(Object.entries(masks).map(([name, bits]) => [name, { int: bits }])),
  });
  const node = r.graph.add("UnsortedSegmentSum", [r.nodeOf(x!), r.nodeOf(ids!), length], {
    T,
    Tindices: int32,
    Tnumsegments: int32,
  });
  return r.result(node, [like!.shape[0]!, ...x!.shape.slice(1)], x!.dtype);
}
