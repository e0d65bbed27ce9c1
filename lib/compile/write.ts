/** One graph that holds the variables and calls the functions, with a signature for whatever can be asked of it. */
import { createGraph, functionDef } from "./graph";
import type { CompileOptions } from "./program";
import type { DataType } from "./protobuf";
import type { Recorded } from "./record";
import { type Signature, type TensorName, writeSavedModel } from "./saved-model";

/** Elements that one signature reads or writes at most: feeding all at once would hold every variable twice. */
const CHUNK = 16 << 20;

/** The variables' names in groups that are read and written together. */
export function chunks({ variables = {} }: CompileOptions): string[][] {
  const found: string[][] = [];
  let room = 0;
  for (const [name, { shape }] of Object.entries(variables)) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (found.length === 0 || size > room) {
      found.push([]);
      room = CHUNK;
    }
    found.at(-1)!.push(name);
    room -= size;
  }
  return found;
}

/**
 * Writes the SavedModel into `folder`: `call_NAME` for each function, `read_N` and `write_N` for each group of variables,
 * and `zero` for all of them.
 */
export function writeProgram(folder: string, recorded: readonly Recorded[], options: CompileOptions) {
  const { variables = {}, mode = "graph" } = options;
  const graph = createGraph();
  const signatures: Record<string, Signature> = {};
  const float = { type: "float32" } as const;
  const named = (name: string, shape: readonly number[], dtype: DataType = "float32"): TensorName => ({
    name: `${name}:0`,
    shape,
    dtype,
  });
  const placeholder = (name: string, shape: readonly number[], dtype: DataType = "float32") =>
    graph.add("Placeholder", [], { dtype: { type: dtype }, shape: { shape } }, { name });

  const handles = new Map(
    Object.entries(variables).map(([key, { shape }], i) => {
      const attributes = {
        dtype: float,
        shape: { shape },
        shared_name: { text: `v${i}` },
        container: { text: "" },
      };
      return [key, graph.add("VarHandleOp", [], attributes, { name: `v${i}` })] as const;
    }),
  );
  const constant = (data: Float32Array | Int32Array, shape: readonly number[]) => {
    const dtype = data instanceof Int32Array ? "int32" : "float32";
    return graph.add("Const", [], { dtype: { type: dtype }, value: { tensor: { dtype, shape, data } } });
  };
  const [zero, done] = [constant(Float32Array.of(0), []), constant(Float32Array.of(1), [])];
  const zeros = Object.entries(variables).map(([key, { shape }]) => {
    const value = graph.add("Fill", [constant(Int32Array.from(shape), [shape.length]), zero], {
      T: float,
      index_type: { type: "int32" },
    });
    return graph.add("AssignVariableOp", [handles.get(key)!, value], { dtype: float });
  });
  if (zeros.length > 0) {
    graph.add("Identity", [done], { T: float }, { name: "zeroed", after: zeros });
    signatures["zero"] = { inputs: {}, outputs: { done: named("zeroed", []) } };
  }
  for (const [number, names] of chunks(options).entries()) {
    const write: Signature = { inputs: {}, outputs: { done: named(`written_${number}`, []) } };
    const read: Signature = { inputs: {}, outputs: {} };
    const writes = names.map((key) => {
      const { shape } = variables[key]!;
      const handle = handles.get(key)!;
      const value = placeholder(`new_${handle.name}`, shape);
      write.inputs[key] = named(value.name, shape);
      const current = graph.add("ReadVariableOp", [handle], { dtype: float });
      const copy = graph.add("Identity", [current], { T: float }, { name: `value_${handle.name}` });
      read.outputs[key] = named(copy.name, shape);
      return graph.add("AssignVariableOp", [handle, value], { dtype: float });
    });
    graph.add("Identity", [done], { T: float }, { name: `written_${number}`, after: writes });
    signatures[`write_${number}`] = write;
    signatures[`read_${number}`] = read;
  }

  const definitions = recorded.map((f, number) => {
    const signature: Signature = { inputs: {}, outputs: {} };
    const fed = f.inputs.map(({ name, spec }, i) => {
      const node = placeholder(`call_${number}_${i}`, spec.shape, spec.dtype);
      signature.inputs[name] = named(node.name, spec.shape, spec.dtype);
      return node;
    });
    const parameters = [
      ...f.inputs.map(({ node, spec }) => ({ name: node.name, type: spec.dtype })),
      ...[...handles.keys()].map((_, i) => ({ name: `variable_${i}`, type: "resource" as const })),
    ];
    const call = graph.add(
      "StatefulPartitionedCall",
      [...fed, ...handles.values()],
      {
        Tin: { types: parameters.map((p) => p.type) },
        Tout: { types: f.results.map((r) => r.type) },
        f: { function: `function_${number}` },
        ...(mode === "xla" && { _XlaMustCompile: { bool: true } }),
      },
      { name: `call_${number}` },
    );
    f.results.forEach(({ name, type, shape }, i) => {
      signature.outputs[name] = { name: `${call.name}:${i}`, dtype: type, shape };
    });
    signatures[`call_${f.name}`] = signature;
    const results = f.results.map(({ node, type }, i) => ({ name: `out_${i}`, type, node }));
    return functionDef(f.graph, { name: `function_${number}`, parameters, results }, mode === "xla");
  });
  writeSavedModel(folder, graph, definitions, signatures);
  return signatures;
}
