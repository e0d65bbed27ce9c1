/**
 * A tfjs backend that computes nothing: each kernel that runs on it becomes a node of a TensorFlow graph. Whatever is
 * written in tfjs, gradients included, is recorded by running it once.
 */
import * as tf from "@tensorflow/tfjs";
import { createGraph, type Graph, type Node, parameter } from "./graph";
import type { DataType } from "./protobuf";

export const RECORDER = "recorder";

/** Constants of fewer elements are shared. */
const SMALL = 64;

export class Recorder extends tf.KernelBackend {
  graph: Graph = createGraph();
  /** bfloat16 rounds what goes into matrix products; they add up, and all else is computed, in float32. */
  precision: "float32" | "bfloat16" = "float32";
  /** What changes variables in place, and must have run when the function is over. */
  effects: Node[] = [];
  private nodes = new WeakMap<object, Node>();
  private constants = new Map<string, Node>();
  /** How many tensors share a node: tfjs counts them by what we say. */
  private references = new Map<object, number>();

  /** Begins another graph. Tensors of the one before cannot be used in it. */
  begin(precision: this["precision"]): Graph {
    this.graph = createGraph();
    this.precision = precision;
    this.effects = [];
    this.constants.clear();
    return this.graph;
  }

  /** The node that computes a tensor. Throws where it was not recorded in this graph. */
  nodeOf({ dataId, shape }: tf.TensorInfo): Node {
    const node = this.nodes.get(dataId);
    if (!node) throw new Error(`a tensor of shape [${shape}] was not made while recording`);
    if (node.op !== "_Parameter" && !this.graph.has(node))
      throw new Error(`a tensor of shape [${shape}] was recorded in another function`);
    return node;
  }

  /** What a kernel gives back: a tensor that the node computes. */
  result(node: Node, shape: readonly number[], dtype: tf.DataType): tf.TensorInfo {
    return { dataId: this.keep(node), shape: [...shape], dtype };
  }

  tensor(node: Node, shape: readonly number[], dtype: tf.DataType): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.result(node, shape, dtype));
  }

  parameter(name: string, shape: readonly number[], dtype: tf.DataType): { node: Node; tensor: tf.Tensor } {
    const node = parameter(name);
    return { node, tensor: this.tensor(node, shape, dtype) };
  }

  constant(values: ArrayLike<number>, shape: readonly number[], dtype: DataType): Node {
    const data =
      dtype === "int32"
        ? Int32Array.from(values)
        : dtype === "bool"
          ? Uint8Array.from(values)
          : Float32Array.from(values);
    const key = data.length < SMALL ? `${dtype} ${shape}: ${data.join()}` : null;
    const known = key === null ? undefined : this.constants.get(key);
    if (known) return known;
    const attributes = { dtype: { type: dtype }, value: { tensor: { dtype, shape, data } } };
    const node = this.graph.add("Const", [], attributes);
    if (key !== null) this.constants.set(key, node);
    return node;
  }

  /** A list of whole numbers, or one, as operations take their sizes and axes. */
  integers(values: number | readonly number[]): Node {
    return typeof values === "number"
      ? this.constant([values], [], "int32")
      : this.constant(values, [values.length], "int32");
  }

  private keep(node: Node): object {
    const id = {};
    this.references.set(id, 1);
    this.nodes.set(id, node);
    return id;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.keep(this.constant(values as ArrayLike<number>, shape, dtype as DataType));
  }
  override move(
    id: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): void {
    this.nodes.set(id, this.constant(values as ArrayLike<number>, shape, dtype as DataType));
  }
  override readSync(): never {
    throw new Error("the value of a recorded tensor is not known: nothing has been computed yet");
  }
  override read(): never {
    return this.readSync();
  }
  override numDataIds(): number {
    return this.references.size;
  }
  override disposeData(id: object): boolean {
    const left = this.refCount(id) - 1;
    if (left > 0) this.references.set(id, left);
    else this.references.delete(id);
    return left <= 0;
  }
  override refCount(id: object): number {
    return this.references.get(id) ?? 0;
  }
  override incRef(id: object): void {
    this.references.set(id, this.refCount(id) + 1);
  }
  override memory() {
    return { unreliable: true };
  }
  override timerAvailable(): boolean {
    return false;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override dispose(): void {}
}
