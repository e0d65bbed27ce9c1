/** Runs a function on the recorder and gives the graph of what it did. */
import * as tf from "@tensorflow/tfjs";
import type { Graph, Node } from "./graph";
import type { CompiledFunction, CompileOptions, TensorSpec } from "./program";
import type { DataType } from "./protobuf";
import type { Recorder } from "./recorder";

/** Sizes that were named are −1 in all shapes. */
export interface Recorded {
  name: string;
  graph: Graph;
  inputs: {
    name: string;
    node: Node;
    spec: { shape: readonly number[]; dtype: NonNullable<TensorSpec["dtype"]> };
  }[];
  results: { name: string; node: Node; type: DataType; shape: readonly number[] }[];
}

/**
 * A function whose inputs have named sizes is run twice, with other sizes for the names: a graph that holds for any
 * size comes out the same.
 */
export function recordFunction(
  recorder: Recorder,
  name: string,
  f: CompiledFunction,
  options: CompileOptions,
): Recorded {
  const shapes = Object.values(f.inputs).flatMap(({ shape }) => shape);
  const names = [...new Set(shapes.filter((size) => typeof size === "string"))];
  const runWith = (least: number) =>
    runOnce(recorder, name, f, options, (size) =>
      typeof size === "number" ? size : least + 2 * names.indexOf(size),
    );
  const recorded = runWith(3);
  if (names.length === 0) return recorded;
  const other = runWith(51);
  const [nodes, others] = [recorded, other].map(({ graph }) => graph.nodes.map(print)) as [
    string[],
    string[],
  ];
  const differs = nodes.findIndex((node, i) => node !== others[i]);
  if (differs >= 0 || nodes.length !== others.length) {
    const where = recorded.graph.nodes.find(({ inputs }) => inputs.includes(recorded.graph.nodes[differs]!));
    throw new Error(
      `${name}: one of the sizes ${names.join(", ")} became a constant of the graph${where ? `, at ${where.name}` : ""}`,
    );
  }
  const general = (shape: readonly number[], shape2: readonly number[]) =>
    shape.map((size, i) => (size === shape2[i] ? size : -1));
  return {
    ...recorded,
    inputs: recorded.inputs.map(({ spec, ...rest }, i) => ({
      ...rest,
      spec: { ...spec, shape: general(spec.shape, other.inputs[i]!.spec.shape) },
    })),
    results: recorded.results.map(({ shape, ...rest }, i) => ({
      ...rest,
      shape: general(shape, other.results[i]!.shape),
    })),
  };
}

/** A node in words, equal for equal nodes. */
const print = ({ name, inputs, attributes, after }: Node) =>
  JSON.stringify([name, inputs.map((x) => x.name), attributes, after.map((x) => x.name)]);

function runOnce(
  recorder: Recorder,
  name: string,
  { inputs: specs, run }: CompiledFunction,
  { variables: shapes = {}, precision = "float32" }: CompileOptions,
  sizeOf: (size: number | string) => number,
): Recorded {
  const graph = recorder.begin(precision);
  const float = { dtype: { type: "float32" } } as const;
  const variables: Record<string, tf.Variable> = {};
  const inputs: Recorded["inputs"] = [];
  let results: Recorded["results"] = [];
  try {
    tf.tidy(() => {
      const handles = Object.entries(shapes).map(([key, { shape, trainable = true }], i) => {
        const handle = recorder.parameter(`variable_${i}`, [], "float32").node;
        const read = graph.add("ReadVariableOp", [handle], float);
        variables[key] = tf.variable(recorder.tensor(read, shape, "float32"), trainable, `${name}/${key}`);
        return { handle, read, key };
      });
      const tensors: tf.NamedTensorMap = {};
      for (const [key, { shape: sizes, dtype = "float32" }] of Object.entries(specs)) {
        const shape = sizes.map(sizeOf);
        const { node, tensor } = recorder.parameter(`input_${inputs.length}`, shape, dtype);
        inputs.push({ name: key, node, spec: { shape, dtype } });
        tensors[key] = tensor;
      }
      const outputs = run(tensors, variables);

      // A variable is written once, with what it holds at the end, and after everything has read what it held.
      const writes = handles.flatMap(({ handle, read, key }) => {
        const value = recorder.nodeOf(variables[key]!);
        return value === read
          ? []
          : [graph.add("AssignVariableOp", [handle, value], float, { after: [read] })];
      });
      results = Object.entries(outputs).map(([key, tensor], i) => {
        const type = tensor.dtype as DataType;
        const options = { name: `result_${i}`, after: [...writes, ...recorder.effects] };
        const node = graph.add("Identity", [recorder.nodeOf(tensor)], { T: { type } }, options);
        return { name: key, node, type, shape: tensor.shape };
      });
    });
    return { name, graph, inputs, results };
  } finally {
    for (const variable of Object.values(variables)) variable.dispose();
  }
}
