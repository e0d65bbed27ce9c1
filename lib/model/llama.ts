/**
 * Llama (Touvron et al. 2023) in tfjs: pre-norm blocks of grouped-query attention with rotary positions and SwiGLU.
 * Mistral (Jiang et al. 2023) adds a window to the attention, Qwen2 (Yang et al. 2024) biases to q, k and v. Weight
 * names and layouts are those of a Hugging Face checkpoint.
 *
 *     ids ─ embed ─┬─ norm ─ q,k,v ─ rope ─ attend ─ o ─ + ─┬─ norm ─ gate,up ─ swiglu ─ down ─ + ─ … ─ norm ─ head
 *                  └────────────────────────────────────┘   └──────────────────────────────────┘
 *
 * B rows of T tokens (N = B·T), H heads, K key/value heads, d per head, D width, V vocabulary.
 */
import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../util/random";
import { attentionWindow, type LlamaConfig } from "./config";
import { projectedCrossEntropy } from "./cross-entropy";
import { adaptedLinear, attention, gatherRows, linear, rmsNorm, rotate, rotation, swiGlu } from "./ops";
import { recomputed } from "./recompute";
import { ropeFrequencies } from "./rope";

export interface Llama {
  config: LlamaConfig;
  /** Every parameter under its name in the checkpoint, linear layers as [out, in]. Variables are named `llamaN/NAME`. */
  weights: Readonly<Record<string, tf.Variable>>;
  /** Low-rank updates of linear layers, by the layer's name without `.weight`; all weights are frozen then. */
  adapters?: Readonly<Record<string, Adapter>>;
  /**
   * Training: keep a layer's input alone and compute the layer again for its gradient. The batch must then outlive the
   * gradient. Default false.
   */
  recompute?: boolean;
}

/** W + scale·B·A (LoRA): A [r, in], B [out, r]. */
export interface Adapter {
  a: tf.Variable;
  b: tf.Variable;
  scale: number;
}

/**
 * B rows of T tokens, each array of length B·T, row after row. Several texts may share a row: tokens attend to those
 * before them with the same segment, and every segment counts its positions from 0. Segment 0 is padding.
 *
 *     segments  1 1 1 2 2 0        1 ■                 q ↓, k →
 *     positions 0 1 2 0 1 0        1 ■ ■
 *                                  1 ■ ■ ■
 *                                  2       ■
 *                                  2       ■ ■
 *                                  0           ■       (nobody reads padding)
 */
export interface Batch {
  ids: Int32Array;
  positions: Int32Array;
  segments: Int32Array;
  B: number;
  T: number;
}

/** What is trained on: token `labels[i]` must follow row `rows[i]` of the B·T, and counts `weights[i]`. */
export interface Targets {
  rows: Int32Array;
  labels: Int32Array;
  weights: Float32Array;
}

/** A batch on the device: ids and positions [N], segments [B, T]; all int32. */
export interface BatchTensors {
  ids: tf.Tensor1D;
  positions: tf.Tensor1D;
  segments: tf.Tensor2D;
}

/** Targets on the device, each [R]: rows and labels int32, weights float32. */
export interface TargetTensors {
  rows: tf.Tensor1D;
  labels: tf.Tensor1D;
  weights: tf.Tensor1D;
}

/** Puts a batch on the device. The caller disposes of it, or is within `tf.tidy`. */
export function batchTensors({ ids, positions, segments, B, T }: Batch): BatchTensors {
  return {
    ids: tf.tensor1d(ids, "int32"),
    positions: tf.tensor1d(positions, "int32"),
    segments: tf.tensor2d(segments, [B, T], "int32"),
  };
}

/** Puts targets on the device. */
export function targetTensors({ rows, labels, weights }: Targets): TargetTensors {
  return {
    rows: tf.tensor1d(rows, "int32"),
    labels: tf.tensor1d(labels, "int32"),
    weights: tf.tensor1d(weights),
  };
}

/** Name and shape of every parameter, in the order of the model. */
export function parameterShapes(config: LlamaConfig): Record<string, number[]> {
  const { hidden_size: D, intermediate_size: F, vocab_size: V, head_dim: d } = config;
  const queries = config.num_attention_heads * d;
  const keys = config.num_key_value_heads * d;
  const biasIn = config.attention_bias || config.model_type === "qwen2";
  const shapes: Record<string, number[]> = { "model.embed_tokens.weight": [V, D] };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `model.layers.${layer}`;
    const linear = (name: string, out: number, into: number, bias: boolean) => {
      shapes[`${at}.${name}.weight`] = [out, into];
      if (bias) shapes[`${at}.${name}.bias`] = [out];
    };
    shapes[`${at}.input_layernorm.weight`] = [D];
    linear("self_attn.q_proj", queries, D, biasIn);
    linear("self_attn.k_proj", keys, D, biasIn);
    linear("self_attn.v_proj", keys, D, biasIn);
    linear("self_attn.o_proj", D, queries, config.attention_bias);
    shapes[`${at}.post_attention_layernorm.weight`] = [D];
    linear("mlp.gate_proj", F, D, config.mlp_bias);
    linear("mlp.up_proj", F, D, config.mlp_bias);
    linear("mlp.down_proj", D, F, config.mlp_bias);
  }
  shapes["model.norm.weight"] = [D];
  if (!config.tie_word_embeddings) shapes["lm_head.weight"] = [V, D];
  return shapes;
}

let modelCount = 0;

/** A model whose parameters are what `values` gives for each name and shape. */
export function buildLlama(
  config: LlamaConfig,
  values: (name: string, shape: number[]) => Float32Array,
): Llama {
  // tfjs registers variables by name, globally: two models in one process must differ.
  const prefix = `llama${modelCount++}`;
  const weights: Record<string, tf.Variable> = {};
  for (const [name, shape] of Object.entries(parameterShapes(config))) {
    // tfjs-node keeps what it is given until an operation reads it: reshaped, the numbers move to the backend now.
    const value = tf.tidy(() => tf.reshape(tf.tensor1d(values(name, shape)), shape));
    weights[name] = tf.variable(value, true, `${prefix}/${name}`);
    value.dispose();
  }
  return { config, weights };
}

/** A fresh model: N(0, initializer_range²) for matrices, ones for norms, zeros for biases, as transformers initialises. */
export function createLlama(config: LlamaConfig, rng: Rng): Llama {
  return buildLlama(config, (name, shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    if (shape.length === 1) return new Float32Array(size).fill(name.endsWith(".bias") ? 0 : 1);
    const own = rng.fork(name);
    return Float32Array.from({ length: size }, () => own.normal() * config.initializer_range);
  });
}

/** Frees the parameters; the model is of no use afterwards. */
export function disposeModel(model: Llama): void {
  for (const variable of Object.values(model.weights)) variable.dispose();
}

/** A linear layer by its name, with its adapter and its bias where it has them. */
function project({ weights, adapters }: Llama, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const weight = weights[`${name}.weight`]!;
  const adapter = adapters?.[name];
  const bias = weights[`${name}.bias`];
  const y = adapter ? adaptedLinear(x, weight, adapter) : linear(x, weight, adapters !== undefined);
  return bias ? tf.add(y, bias) : y;
}

/** How queries meet keys: q [N, H, d], k and v [N, K, d] of one layer in, [N, H·d] out. */
export type Attend = (layer: number, q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D) => tf.Tensor2D;

/** The model from token ids to the final norm, [N, D], whatever the attention: training's or the generator's. */
export function forward(model: Llama, ids: tf.Tensor1D, positions: tf.Tensor1D, attend: Attend): tf.Tensor2D {
  const { config, weights } = model;
  const { num_attention_heads: H, num_key_value_heads: K, head_dim: d, rms_norm_eps: epsilon } = config;
  const omega = ropeFrequencies(d, config.rope_theta, config.rope_scaling ?? undefined);
  const rotationOf = () => rotation(positions, omega);
  const shared = model.recompute ? null : rotationOf();
  let x = gatherRows(weights["model.embed_tokens.weight"]!, ids);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `model.layers.${layer}`;
    const gain = (name: string) => weights[`${at}.${name}.weight`]!;
    const through = (name: string, x: tf.Tensor2D) => project(model, `${at}.${name}`, x);
    const heads = (x: tf.Tensor2D, count: number) => tf.reshape(x, [-1, count, d]) as tf.Tensor3D;
    const block = (x: tf.Tensor2D): tf.Tensor2D => {
      const turn = shared ?? rotationOf();
      const h = rmsNorm(x, gain("input_layernorm"), epsilon);
      const q = rotate(heads(through("self_attn.q_proj", h), H), turn);
      const k = rotate(heads(through("self_attn.k_proj", h), K), turn);
      const v = heads(through("self_attn.v_proj", h), K);
      const y: tf.Tensor2D = tf.add(x, through("self_attn.o_proj", attend(layer, q, k, v)));

      const m = rmsNorm(y, gain("post_attention_layernorm"), epsilon);
      const inner = swiGlu(through("mlp.gate_proj", m), through("mlp.up_proj", m));
      return tf.add(y, through("mlp.down_proj", inner));
    };
    // What a gradient needs, its operation saved: all else is freed layer by layer.
    const input = x;
    const next = tf.tidy(() =>
      model.recompute ? recomputed(block, input, trainedIn(model, at)) : block(input),
    );
    x.dispose();
    x = next;
  }
  return rmsNorm(x, weights["model.norm.weight"]!, epsilon);
}

/** What of a layer is trained: its adapters where the model has any, else all of its weights. */
function trainedIn({ weights, adapters }: Llama, layer: string): tf.Variable[] {
  const within = <T>(named: Readonly<Record<string, T>>) =>
    Object.entries(named).flatMap(([name, value]) => (name.startsWith(`${layer}.`) ? [value] : []));
  return adapters ? within(adapters).flatMap(({ a, b }) => [a, b]) : within(weights);
}

/** Queries attended at a time: a chunk skips the keys after it, 9 % of a step at T = 512; smaller ones cost more calls. */
const CHUNK = 256;

/** Hidden states after the final norm, [B·T, D], differentiable in the model's weights. */
export function hiddenStates(model: Llama, { ids, positions, segments }: BatchTensors): tf.Tensor2D {
  const { num_attention_heads: H, num_key_value_heads: K, head_dim: d } = model.config;
  const [B, T] = segments.shape;
  const window = attentionWindow(model.config) ?? T;
  const chunksOf = () =>
    Array.from({ length: Math.ceil(T / CHUNK) }, (_, i) => {
      const [start, end] = [i * CHUNK, Math.min((i + 1) * CHUNK, T)];
      const first = Math.max(0, start - window + 1);
      return { start, end, first, mask: packedMask(segments, start, end, first, window) };
    });
  const shared = model.recompute ? null : chunksOf();
  const byHead = (x: tf.Tensor3D, heads: number) =>
    tf.transpose(tf.reshape(x, [B, T, heads, d]), [0, 2, 1, 3]) as tf.Tensor4D;
  return forward(model, ids, positions, (_layer, q, k, v) => {
    const [queries, keys, values] = [byHead(q, H), byHead(k, K), byHead(v, K)];
    const out = (shared ?? chunksOf()).map(({ start, end, first, mask }) => {
      const t = end - start;
      // Query heads k·G … k·G+G−1 share key head k: [B, H, t, d] and [B, K, G·t, d] are the same memory.
      const rows = tf.reshape(tf.slice(queries, [0, 0, start, 0], [B, H, t, d]), [B, K, (H / K) * t, d]);
      const seen = (x: tf.Tensor4D) => tf.slice(x, [0, 0, first, 0], [B, K, end - first, d]);
      return tf.reshape(attention(rows as tf.Tensor4D, seen(keys), seen(values), mask), [B, H, t, d]);
    });
    const all = tf.transpose(tf.concat(out, 2), [0, 2, 1, 3]);
    return tf.reshape(all, [B * T, H * d]) as tf.Tensor2D;
  });
}

/**
 * Additive mask [B, 1, end − start, end − first] for the queries from `start` and the keys from `first`, both to
 * `end`: 0 where a query sees a key, else −1e9.
 */
function packedMask(
  segments: tf.Tensor2D,
  start: number,
  end: number,
  first: number,
  window: number,
): tf.Tensor4D {
  const [B] = segments.shape;
  const [rows, columns] = [end - start, end - first];
  const queries = tf.reshape(tf.slice(segments, [0, start], [B, rows]), [B, 1, rows, 1]);
  const keys = tf.reshape(tf.slice(segments, [0, first], [B, columns]), [B, 1, 1, columns]);
  const at = tf.reshape(tf.range(start, end, 1, "int32"), [rows, 1]);
  const order = tf.lessEqual(tf.range(first, end, 1, "int32"), at);
  const together = tf.logicalAnd(tf.equal(queries, keys), order);
  const seen =
    window < end
      ? tf.logicalAnd(together, tf.lessEqual(at, tf.range(first + window - 1, end + window - 1, 1, "int32")))
      : together;
  return tf.mul(tf.sub(tf.cast(seen, "float32"), 1), 1e9) as tf.Tensor4D;
}

/** Logits [N, V] of hidden rows [N, D]. */
export function logits(model: Llama, hidden: tf.Tensor2D): tf.Tensor2D {
  return linear(hidden, headOf(model), model.adapters !== undefined);
}

const headOf = ({ weights }: Llama): tf.Variable =>
  weights["lm_head.weight"] ?? weights["model.embed_tokens.weight"]!;

/** Σᵢ wᵢ·CEᵢ over the targets (Eq. 1). Only their rows reach the vocabulary, which is most of a small model's work. */
export function lossSum(model: Llama, batch: BatchTensors, targets: TargetTensors): tf.Scalar {
  const rows = gatherRows(hiddenStates(model, batch), targets.rows);
  const { labels, weights } = targets;
  return projectedCrossEntropy(rows, headOf(model), labels, weights, model.adapters !== undefined);
}
