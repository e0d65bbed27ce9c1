/**
 * Functions of tfjs code over shared variables, compiled: each is run once to record its graph, and from then on
 * TensorFlow runs the graph. What a function assigns to a variable stays for the next call.
 *
 *     const program = await compile({
 *       variables: { w: { shape: [4, 3] } },
 *       functions: {
 *         step: {
 *           inputs: { x: { shape: [8, 4] }, y: { shape: [8, 3] }, rate: { shape: [] } },
 *           run({ x, y, rate }, { w }) {
 *             const { value, grads } = tf.variableGrads(() => tf.losses.meanSquaredError(y, tf.matMul(x, w)));
 *             w.assign(tf.sub(w, tf.mul(rate, grads[w.name])));
 *             return { loss: value };
 *           },
 *         },
 *       },
 *     });
 *     program.write({ w: new Float32Array(12) });
 *     const { loss } = program.call("step", { x, y, rate });
 *
 * Numbers of JavaScript become constants of the graph: what changes from call to call must be an input or a variable.
 * A size that changes has a name in the inputs' shapes, and the function says −1 where it would need the number.
 * A value cannot be read while recording, so control flow may depend on shapes alone.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { createGraph } from "./graph";
import { registerKernels } from "./kernels";
import { type Recorded, recordFunction } from "./record";
import { RECORDER, Recorder } from "./recorder";
import { writeSavedModel } from "./saved-model";
import { chunks, writeProgram } from "./write";

export interface TensorSpec {
  /** A name in place of a number: a size that is another at each call, the same for all inputs that name it. */
  shape: readonly (number | string)[];
  /** Default float32. */
  dtype?: "float32" | "int32" | "bool";
}

export interface CompiledFunction {
  inputs: Readonly<Record<string, TensorSpec>>;
  // biome-ignore lint/suspicious/noExplicitAny: tfjs's ranks are the caller's to know
  run(inputs: any, variables: Record<string, tf.Variable>): tf.NamedTensorMap;
}

export interface CompileOptions {
  /** float32 variables, zero at first. Those that are not trainable get no gradient by default. */
  variables?: Readonly<Record<string, { shape: readonly number[]; trainable?: boolean }>>;
  functions: Readonly<Record<string, CompiledFunction>>;
  /** `graph`: TensorFlow's executor. `xla`: each function fused into machine code at its first call. Default graph. */
  mode?: "graph" | "xla";
  /** What matrix products read; they add up in float32 either way. Default float32. */
  precision?: "float32" | "bfloat16";
}

type Value = Float32Array | (() => Float32Array);

export interface Program {
  /** Runs a function. The caller disposes of what comes back. Throws RangeError for an unknown function or input. */
  call(name: string, inputs: tf.NamedTensorMap): tf.NamedTensorMap;
  /** Sets variables. Where a value is a function it is called when its turn comes, so that few are there at a time. */
  write(values: Readonly<Record<string, Value>>): void;
  /** The named variables' values; all of them by default. */
  read(names?: readonly string[]): Record<string, Float32Array>;
  /** Operations recorded in each function. */
  nodes: Readonly<Record<string, number>>;
  dispose(): void;
}

/** The part of tfjs-node's namespace that loads a SavedModel; the plain package's types do not have it. */
interface SavedModel {
  predict(inputs: tf.NamedTensorMap): tf.NamedTensorMap;
  dispose(): void;
}
interface NodeApi {
  loadSavedModel(folder: string, tags: string[], signature: string): Promise<SavedModel>;
}

let recorder: Recorder | undefined;

/** The backend that records, registered once a process. */
function theRecorder(): Recorder {
  if (!recorder) {
    const made = new Recorder();
    tf.registerBackend(RECORDER, () => made, 0);
    registerKernels(made);
    recorder = made;
  }
  return recorder;
}

/**
 * Records every function and hands the graph to TensorFlow. The native backend must be in use (`tf.getBackend()` is
 * `tensorflow`); it is again when this returns, whatever happens.
 *
 * @throws Error where no native backend is in use, where a function uses an operation that cannot be recorded, reads a
 *   value, or makes a constant of a named size, and for what TensorFlow does not accept
 */
export async function compile(options: CompileOptions): Promise<Program> {
  const backend = tf.getBackend();
  const api = (tf as unknown as { node?: NodeApi }).node ?? nativeApi(backend);
  const folder = mkdtempSync(join(tmpdir(), "agentbank-compiled-"));
  try {
    const record = theRecorder();
    let recorded: Recorded[];
    try {
      await tf.setBackend(RECORDER);
      recorded = Object.entries(options.functions).map(([name, f]) =>
        recordFunction(record, name, f, options),
      );
    } finally {
      await tf.setBackend(backend);
    }
    const signatures = writeProgram(folder, recorded, options);
    const loaded = new Map<string, SavedModel>();
    for (const name of Object.keys(signatures)) {
      loaded.set(name, await api.loadSavedModel(folder, ["serve"], name));
      // tfjs-node reads the file for every signature, though TensorFlow reads it once: from now on it has no graph.
      if (loaded.size === 1) writeSavedModel(folder, createGraph(), [], signatures);
    }
    return program(loaded, recorded, options);
  } finally {
    // TensorFlow has read it into its session.
    rmSync(folder, { recursive: true, force: true });
  }
}

function nativeApi(backend: string): NodeApi {
  if (backend !== "tensorflow")
    throw new Error(`only the native backend runs compiled graphs; this is ${backend}`);
  return require("@tensorflow/tfjs-node").node;
}

function program(
  loaded: ReadonlyMap<string, SavedModel>,
  recorded: readonly Recorded[],
  options: CompileOptions,
): Program {
  const { variables = {} } = options;
  const groups = chunks(options);
  const write = (values: Readonly<Record<string, Value>>) => {
    for (const [number, names] of groups.entries()) {
      const missing = names.filter((name) => !values[name]);
      if (missing.length === names.length) continue;
      const kept = missing.length > 0 ? read(missing) : {};
      const feed = Object.fromEntries(
        names.map((name) => {
          const given = values[name] ?? kept[name]!;
          const value = typeof given === "function" ? given() : given;
          return [name, tf.tensor(value, [...variables[name]!.shape])];
        }),
      );
      tf.dispose([loaded.get(`write_${number}`)!.predict(feed), feed]);
    }
  };
  const read = (asked: readonly string[] = Object.keys(variables)) => {
    const wanted = new Set(asked);
    const values: Record<string, Float32Array> = {};
    for (const [number, names] of groups.entries()) {
      if (!names.some((name) => wanted.has(name))) continue;
      const tensors = loaded.get(`read_${number}`)!.predict({});
      for (const name of names)
        if (wanted.has(name)) values[name] = tensors[name]!.dataSync() as Float32Array;
      tf.dispose(tensors);
    }
    return values;
  };
  if (loaded.has("zero")) tf.dispose(loaded.get("zero")!.predict({}));
  return {
    call(name, inputs) {
      const model = loaded.get(`call_${name}`);
      if (!model)
        throw new RangeError(`no function "${name}"; known: ${recorded.map((f) => f.name).join(", ")}`);
      return model.predict(inputs);
    },
    write,
    read,
    nodes: Object.fromEntries(recorded.map((f) => [f.name, f.graph.nodes.length])),
    dispose() {
      for (const model of loaded.values()) model.dispose();
    },
  };
}
