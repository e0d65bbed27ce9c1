/** A TensorFlow graph as it is being recorded: nodes with one output each, written as a FunctionDef or a GraphDef. */
import { type Attribute, attributeOf, dataTypes, messages, type NodeDef } from "./protobuf";

export interface Node {
  name: string;
  op: string;
  inputs: readonly Node[];
  attributes: Readonly<Record<string, Attribute>>;
  /** Nodes that must have run before this one. */
  after: readonly Node[];
}

/** What an operation calls its first output, where that is not `output`: a FunctionDef asks for the name. */
const outputNames: Readonly<Record<string, string>> = {
  ...each(
    ["AddV2", "Mul", "MulNoNan", "Sub", "RealDiv", "Pow", "Maximum", "Minimum", "FloorDiv", "FloorMod"],
    "z",
  ),
  ...each(
    ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"],
    "z",
  ),
  ...each(
    ["Square", "Rsqrt", "Sqrt", "Sigmoid", "Neg", "Log", "Exp", "Cos", "Sin", "Tanh", "Abs", "Erf"],
    "y",
  ),
  ...each(["Reciprocal", "Floor", "Sign", "Log1p", "IsFinite", "LogicalNot", "Cast", "Transpose"], "y"),
  ...each(["ZerosLike", "OnesLike"], "y"),
  SquaredDifference: "z",
  MatMul: "product",
  Softmax: "softmax",
  LogSoftmax: "logsoftmax",
  ReadVariableOp: "value",
  AddN: "sum",
  Cumsum: "out",
  Relu: "activations",
};

function each(ops: readonly string[], name: string): Record<string, string> {
  return Object.fromEntries(ops.map((op) => [op, name]));
}

/** The operation of a function's parameter, which is no node of its body. */
const PARAMETER = "_Parameter";

export function parameter(name: string): Node {
  return { name, op: PARAMETER, inputs: [], attributes: {}, after: [] };
}

export interface Graph {
  readonly nodes: readonly Node[];
  add(op: string, inputs: readonly Node[], attributes?: Node["attributes"], more?: NodeOptions): Node;
  has(node: Node): boolean;
}

export interface NodeOptions {
  /** Default: the operation with a number. */
  name?: string;
  after?: readonly Node[];
}

export function createGraph(): Graph {
  const nodes: Node[] = [];
  const members = new Set<Node>();
  return {
    nodes,
    has: (node) => members.has(node),
    add(op, inputs, attributes = {}, { name = `${op}_${nodes.length}`, after = [] } = {}) {
      const node = { name, op, inputs, attributes, after };
      nodes.push(node);
      members.add(node);
      return node;
    },
  };
}

/** @param inFunction whether references carry the name of the output, as they do in a FunctionDef */
export function nodeDef(node: Node, inFunction: boolean): NodeDef {
  const def = new messages.NodeDef();
  def.setName(node.name);
  def.setOp(node.op);
  for (const input of node.inputs) def.addInput(inFunction ? reference(input) : input.name);
  for (const before of node.after) def.addInput(`^${before.name}`);
  for (const [key, value] of Object.entries(node.attributes)) def.getAttrMap().set(key, attributeOf(value));
  return def;
}

const reference = ({ name, op }: Node) =>
  op === PARAMETER ? name : `${name}:${outputNames[op] ?? "output"}:0`;

export interface FunctionSignature {
  name: string;
  parameters: readonly { name: string; type: keyof typeof dataTypes }[];
  results: readonly { name: string; type: keyof typeof dataTypes; node: Node }[];
}

/** @param xla compiles the whole function, or fails where it cannot */
export function functionDef(graph: Graph, { name, parameters, results }: FunctionSignature, xla: boolean) {
  const def = new messages.FunctionDef();
  const signature = new messages.OpDef();
  signature.setName(name);
  signature.setIsStateful(true);
  const argument = ({ name, type }: { name: string; type: keyof typeof dataTypes }) => {
    const arg = new messages.OpDef.ArgDef();
    arg.setName(name);
    arg.setType(dataTypes[type]);
    return arg;
  };
  for (const parameter of parameters) signature.addInputArg(argument(parameter));
  for (const result of results) {
    signature.addOutputArg(argument(result));
    def.getRetMap().set(result.name, reference(result.node));
  }
  def.setSignature(signature);
  for (const node of graph.nodes) def.addNodeDef(nodeDef(node, true));
  if (xla) def.getAttrMap().set("_XlaMustCompile", attributeOf({ bool: true }));
  return def;
}
