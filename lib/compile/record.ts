/** Runs a function once on the recorder and gives the graph of what it did. */
import * as tf from "@tensorflow/tfjs";
import type { Graph, Node } from "./graph";
import type { CompiledFunction, CompileOptions, TensorSpec } from "./program";
import type { DataType } from "./protobuf";
import type { Recorder } from "./recorder";

export interface Recorded {
  name: string;
  graph: Graph;
  inputs: { name: string; node: Node; spec: Required<TensorSpec> }[];
  results: { name: string; node: Node; type: DataType; shape: readonly number[] }[];
}

export function recordFunction(
  recorder: Recorder,
  name: string,
  { inputs: specs, run }: CompiledFunction,
  { variables: shapes = {}, precision = "float32" }: CompileOptions,
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
      for (const [key, { shape, dtype = "float32" }] of Object.entries(specs)) {
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
