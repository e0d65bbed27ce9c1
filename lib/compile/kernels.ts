/** What each tfjs kernel is in TensorFlow: shapes and types worked out here, the node recorded. */
import * as tf from "@tensorflow/tfjs";
import { recordAdam } from "./adam";
import type { Node } from "./graph";
import { recordLater } from "./later";
import type { Attribute, DataType } from "./protobuf";
import { RECORDER, type Recorder } from "./recorder";
import { recordSegmentSum } from "./segment-sum";

type Info = tf.TensorInfo;
type Inputs = Record<string, Info>;
// biome-ignore lint/suspicious/noExplicitAny: each kernel has attributes of its own
type Attributes = any;
type Kernel = (recorder: Recorder, inputs: Inputs, attributes: Attributes) => Info | Info[];

const type = (dtype: tf.DataType): Attribute => ({ type: dtype as DataType });
const T = ({ dtype }: Info) => ({ T: type(dtype) });
const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const positive = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** The shape that two shapes broadcast to. */
function broadcast(a: readonly number[], b: readonly number[]): number[] {
  return tf.backend_util.assertAndGetBroadcastShape([...a], [...b]);
}

const unary =
  (op: string, dtype?: tf.DataType): Kernel =>
  (r, inputs) => {
    const x = Object.values(inputs)[0]!;
    const attributes = op === "LogicalNot" ? {} : T(x);
    return r.result(r.graph.add(op, [r.nodeOf(x)], attributes), x.shape, dtype ?? x.dtype);
  };

const binary =
  (op: string, dtype?: tf.DataType): Kernel =>
  (r, { a, b }) => {
    const attributes = op.startsWith("Logical") ? {} : T(a!);
    const node = r.graph.add(op, [r.nodeOf(a!), r.nodeOf(b!)], attributes);
    return r.result(node, broadcast(a!.shape, b!.shape), dtype ?? a!.dtype);
  };

const reduction =
  (op: string): Kernel =>
  (r, { x }, { axis, reductionIndices, keepDims }) => {
    const asked = [axis ?? reductionIndices ?? []].flat() as number[];
    const rank = x!.shape.length;
    const axes = (asked.length > 0 ? asked : x!.shape.map((_, i) => i)).map((a) => positive(a, rank));
    const shape = keepDims
      ? x!.shape.map((d, i) => (axes.includes(i) ? 1 : d))
      : x!.shape.filter((_, i) => !axes.includes(i));
    const attributes = { Tidx: type("int32"), keep_dims: { bool: Boolean(keepDims) } };
    const own = op === "All" || op === "Any" ? attributes : { ...attributes, ...T(x!) };
    return r.result(r.graph.add(op, [r.nodeOf(x!), r.integers(axes)], own), shape, x!.dtype);
  };

const argument =
  (op: string): Kernel =>
  (r, { x }, { axis }) => {
    const at = positive(axis, x!.shape.length);
    const attributes = { ...T(x!), Tidx: type("int32"), output_type: type("int32") };
    const node = r.graph.add(op, [r.nodeOf(x!), r.integers(at)], attributes);
    return r.result(
      node,
      x!.shape.filter((_, i) => i !== at),
      "int32",
    );
  };

/** Where all sizes are asked for, the first is recorded as what is left, so that it holds for any number of rows. */
function reshape(r: Recorder, x: Info, asked: readonly number[]): Info {
  const known = size(asked.filter((d) => d >= 0));
  const shape = asked.map((d) => (d < 0 ? size(x.shape) / known : d));
  const sizes = known > 0 && !asked.some((d) => d < 0) ? asked.map((d, i) => (i === 0 ? -1 : d)) : asked;
  const node = r.graph.add("Reshape", [r.nodeOf(x), r.integers(sizes)], { ...T(x), Tshape: type("int32") });
  return r.result(node, shape, x.dtype);
}

/** What reaches the end is recorded as such, so that it holds for any size. */
function slice(r: Recorder, x: Info, begin: readonly number[], shape: readonly number[]): Info {
  const sizes = shape.map((d, i) => (begin[i]! + d === x.shape[i] ? -1 : d));
  const inputs = [r.nodeOf(x), r.integers(begin), r.integers(sizes)];
  return r.result(r.graph.add("Slice", inputs, { ...T(x), Index: type("int32") }), shape, x.dtype);
}

function cast(r: Recorder, node: Node, from: DataType, to: DataType): Node {
  return r.graph.add("Cast", [node], {
    SrcT: { type: from },
    DstT: { type: to },
    Truncate: { bool: false },
  });
}

const matMul: Kernel = (r, { a, b }, { transposeA, transposeB }) => {
  const rank = a!.shape.length;
  const rows = a!.shape[rank - (transposeA ? 1 : 2)]!;
  const columns = b!.shape[b!.shape.length - (transposeB ? 2 : 1)]!;
  const shape = [...broadcast(a!.shape.slice(0, -2), b!.shape.slice(0, -2)), rows, columns];
  const low = r.precision === "bfloat16" && a!.dtype === "float32";
  const inputs = [a!, b!].map((x) => (low ? cast(r, r.nodeOf(x), "float32", "bfloat16") : r.nodeOf(x)));
  const dtype = low ? { T: type("bfloat16" as tf.DataType) } : T(a!);
  const plain = rank === 2 && b!.shape.length === 2;
  const flags = plain ? ["transpose_a", "transpose_b"] : ["adj_x", "adj_y"];
  const product = r.graph.add(plain ? "MatMul" : "BatchMatMulV2", inputs, {
    ...dtype,
    [flags[0]!]: { bool: Boolean(transposeA) },
    [flags[1]!]: { bool: Boolean(transposeB) },
  });
  return r.result(low ? cast(r, product, "bfloat16", "float32") : product, shape, a!.dtype);
};

const concat: Kernel = (r, inputs, { axis }) => {
  const parts = Object.values(inputs);
  const [first] = parts as [Info, ...Info[]];
  const at = positive(axis, first.shape.length);
  const shape = [...first.shape];
  shape[at] = parts.reduce((sum, x) => sum + x.shape[at]!, 0);
  const attributes = { ...T(first), Tidx: type("int32"), N: { int: parts.length } };
  const nodes = [...parts.map((x) => r.nodeOf(x)), r.integers(at)];
  return r.result(r.graph.add("ConcatV2", nodes, attributes), shape, first.dtype);
};

const pack: Kernel = (r, inputs, { axis }) => {
  const parts = Object.values(inputs);
  const [first] = parts as [Info, ...Info[]];
  const at = positive(axis, first.shape.length + 1);
  const shape = first.shape.toSpliced(at, 0, parts.length);
  const attributes = { ...T(first), N: { int: parts.length }, axis: { int: at } };
  return r.result(
    r.graph.add(
      "Pack",
      parts.map((x) => r.nodeOf(x)),
      attributes,
    ),
    shape,
    first.dtype,
  );
};

const split = (r: Recorder, { x }: Inputs, { numOrSizeSplits, axis }: Attributes): Info[] => {
  const at = positive(axis, x!.shape.length);
  const sizes: number[] = Array.isArray(numOrSizeSplits)
    ? numOrSizeSplits
    : Array(numOrSizeSplits).fill(x!.shape[at]! / numOrSizeSplits);
  let start = 0;
  return sizes.map((length) => {
    const begin = x!.shape.map((_, i) => (i === at ? start : 0));
    start += length;
    return slice(
      r,
      x!,
      begin,
      x!.shape.map((d, i) => (i === at ? length : d)),
    );
  });
};

const kernels: Readonly<Record<string, Kernel>> = {
  Add: binary("AddV2"),
  Sub: binary("Sub"),
  Multiply: binary("Mul"),
  RealDiv: binary("RealDiv"),
  FloorDiv: binary("FloorDiv"),
  Mod: binary("FloorMod"),
  Pow: binary("Pow"),
  Maximum: binary("Maximum"),
  Minimum: binary("Minimum"),
  SquaredDifference: binary("SquaredDifference"),
  Equal: binary("Equal", "bool"),
  NotEqual: binary("NotEqual", "bool"),
  Greater: binary("Greater", "bool"),
  GreaterEqual: binary("GreaterEqual", "bool"),
  Less: binary("Less", "bool"),
  LessEqual: binary("LessEqual", "bool"),
  LogicalAnd: binary("LogicalAnd", "bool"),
  LogicalOr: binary("LogicalOr", "bool"),
  LogicalNot: unary("LogicalNot", "bool"),
  IsFinite: unary("IsFinite", "bool"),
  ...Object.fromEntries(
    "Square Rsqrt Sqrt Sigmoid Neg Log Log1p Exp Cos Sin Tanh Abs Erf Reciprocal Floor Sign Relu Softmax LogSoftmax ZerosLike OnesLike Identity"
      .split(" ")
      .map((op) => [op, unary(op)]),
  ),
  Sum: reduction("Sum"),
  Mean: reduction("Mean"),
  Max: reduction("Max"),
  Min: reduction("Min"),
  Prod: reduction("Prod"),
  All: reduction("All"),
  Any: reduction("Any"),
  ArgMax: argument("ArgMax"),
  ArgMin: argument("ArgMin"),
  BatchMatMul: matMul,
  Reshape: (r, { x }, { shape }) => reshape(r, x!, shape),
  ExpandDims: (r, { input: x }, { dim }) => {
    const at = positive(dim, x!.shape.length + 1);
    const attributes = { ...T(x!), Tdim: type("int32") };
    const node = r.graph.add("ExpandDims", [r.nodeOf(x!), r.integers(at)], attributes);
    return r.result(node, x!.shape.toSpliced(at, 0, 1), x!.dtype);
  },
  Transpose: (r, { x }, { perm }: { perm: number[] }) => {
    const node = r.graph.add("Transpose", [r.nodeOf(x!), r.integers(perm)], {
      ...T(x!),
      Tperm: type("int32"),
    });
    return r.result(
      node,
      perm.map((p) => x!.shape[p]!),
      x!.dtype,
    );
  },
  Slice: (r, { x }, { begin, size }) => {
    const from = [...[begin].flat(), ...x!.shape.map(() => 0)].slice(0, x!.shape.length) as number[];
    const asked = [size ?? []].flat() as number[];
    return slice(
      r,
      x!,
      from,
      x!.shape.map((d, i) => ((asked[i] ?? -1) < 0 ? d - from[i]! : asked[i]!)),
    );
  },
  SplitV: split,
  Unpack: (r, { value: x }, { axis }) => {
    const at = positive(axis, x!.shape.length);
    const others = (1 << x!.shape.length) - 1 - (1 << at);
    const attributes = {
      ...T(x!),
      Index: type("int32"),
      begin_mask: { int: others },
      end_mask: { int: others },
      ellipsis_mask: { int: 0 },
      new_axis_mask: { int: 0 },
      shrink_axis_mask: { int: 1 << at },
    };
    const along = (value: number, rest: number) =>
      r.integers(x!.shape.map((_, i) => (i === at ? value : rest)));
    return Array.from({ length: x!.shape[at]! }, (_, i) => {
      const inputs = [r.nodeOf(x!), along(i, 0), along(i + 1, 0), along(1, 1)];
      return r.result(r.graph.add("StridedSlice", inputs, attributes), x!.shape.toSpliced(at, 1), x!.dtype);
    });
  },
  Concat: concat,
  Pack: pack,
  PadV2: (r, { x }, { paddings, constantValue }: { paddings: [number, number][]; constantValue: number }) => {
    const pads = r.constant(paddings.flat(), [paddings.length, 2], "int32");
    const value = r.constant([constantValue], [], x!.dtype as DataType);
    const node = r.graph.add("PadV2", [r.nodeOf(x!), pads, value], { ...T(x!), Tpaddings: type("int32") });
    return r.result(
      node,
      x!.shape.map((d, i) => d + paddings[i]![0] + paddings[i]![1]),
      x!.dtype,
    );
  },
  Tile: (r, { x }, { reps }: { reps: number[] }) => {
    const node = r.graph.add("Tile", [r.nodeOf(x!), r.integers(reps)], {
      ...T(x!),
      Tmultiples: type("int32"),
    });
    return r.result(
      node,
      x!.shape.map((d, i) => d * reps[i]!),
      x!.dtype,
    );
  },
  GatherV2: (r, { x, indices }, { axis = 0, batchDims = 0 }) => {
    const at = positive(axis, x!.shape.length);
    const attributes = {
      Tparams: type(x!.dtype),
      Tindices: type("int32"),
      Taxis: type("int32"),
      batch_dims: { int: batchDims },
    };
    const node = r.graph.add("GatherV2", [r.nodeOf(x!), r.nodeOf(indices!), r.integers(at)], attributes);
    const shape = [...x!.shape.slice(0, at), ...indices!.shape.slice(batchDims), ...x!.shape.slice(at + 1)];
    return r.result(node, shape, x!.dtype);
  },
  GatherNd: (r, { params, indices }) => {
    const attributes = { Tparams: type(params!.dtype), Tindices: type("int32") };
    const node = r.graph.add("GatherNd", [r.nodeOf(params!), r.nodeOf(indices!)], attributes);
    const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(indices!.shape.at(-1))];
    return r.result(node, shape, params!.dtype);
  },
  ScatterNd: (r, { indices, updates }, { shape }: { shape: number[] }) => {
    const inputs = [r.nodeOf(indices!), r.nodeOf(updates!), r.integers(shape)];
    const node = r.graph.add("ScatterNd", inputs, { ...T(updates!), Tindices: type("int32") });
    return r.result(node, shape, updates!.dtype);
  },
  UnsortedSegmentSum: (r, { x, segmentIds }, { numSegments }) => {
    const attributes = { ...T(x!), Tindices: type("int32"), Tnumsegments: type("int32") };
    const inputs = [r.nodeOf(x!), r.nodeOf(segmentIds!), r.integers(numSegments)];
    const node = r.graph.add("UnsortedSegmentSum", inputs, attributes);
    return r.result(node, [numSegments, ...x!.shape.slice(segmentIds!.shape.length)], x!.dtype);
  },
  OneHot: (r, { indices }, { dtype = "float32", depth, onValue, offValue }) => {
    const value = (v: number) => r.constant([v], [], dtype);
    const inputs = [r.nodeOf(indices!), r.integers(depth), value(onValue), value(offValue)];
    const node = r.graph.add("OneHot", inputs, { T: type(dtype), TI: type("int32"), axis: { int: -1 } });
    return r.result(node, [...indices!.shape, depth], dtype);
  },
  Cast: (r, { x }, { dtype }) => {
    const node = cast(r, r.nodeOf(x!), x!.dtype as DataType, dtype);
    return r.result(node, x!.shape, dtype);
  },
  Fill: (r, _, { shape, value, dtype = "float32" }) => {
    const inputs = [r.integers(shape), r.constant([value], [], dtype)];
    const node = r.graph.add("Fill", inputs, { T: type(dtype), index_type: type("int32") });
    return r.result(node, shape, dtype);
  },
  Range: (r, _, { start, stop, step, dtype = "float32" }) => {
    const values = Array.from({ length: Math.ceil((stop - start) / step) }, (_, i) => start + i * step);
    return r.result(r.constant(values, [values.length], dtype), [values.length], dtype);
  },
  Select: (r, { condition, t, e }) => {
    const node = r.graph.add(
      "SelectV2",
      [condition!, t!, e!].map((x) => r.nodeOf(x)),
      T(t!),
    );
    return r.result(node, broadcast(condition!.shape, broadcast(t!.shape, e!.shape)), t!.dtype);
  },
  AddN: (r, inputs) => {
    const parts = Object.values(inputs);
    const [first] = parts as [Info, ...Info[]];
    const node = r.graph.add(
      "AddN",
      parts.map((x) => r.nodeOf(x)),
      { ...T(first), N: { int: parts.length } },
    );
    return r.result(node, first.shape, first.dtype);
  },
  ApplyAdam: recordAdam,
  Later: recordLater,
  SegmentSumLike: recordSegmentSum,
};

/** Registers the kernels for the recorder. An operation that is not among them cannot be compiled, and tfjs says so. */
export function registerKernels(recorder: Recorder): void {
  for (const [kernelName, record] of Object.entries(kernels))
    tf.registerKernel({
      kernelName,
      backendName: RECORDER,
      kernelFunc: ({ inputs, attrs }) => record(recorder, inputs as Inputs, attrs ?? {}),
    });
}
