/**
 * Decode steps compiled as they prove worth it: each shape of batch is decoded eagerly at first, and once it has been
 * needed for some steps its graph is recorded, and from then on TensorFlow runs that.
 *
 * The weights are inputs of the graph, not variables of it. TensorFlow reads an input where it lies, so that every
 * shape's graph shares the one copy there is, and a model that is being trained is decoded as it is now.
 */
import * as tf from "@tensorflow/tfjs";
import { compile, type Program } from "../../compile/program";
import type { Llama } from "../llama";
import { panelledWeights } from "./panels";
import { type DecodeInputs, type DecodeOutputs, decodeStep } from "./step";

export interface CompiledSteps {
  /** The step for `rows` rows, `past` and `recent` columns; null as long as the eager one is to be used. */
  of(shape: StepShape): Promise<((inputs: DecodeInputs) => DecodeOutputs) | null>;
  /** Counts a step that was taken eagerly in this shape. */
  note(shape: StepShape): void;
  /** Whether the step is compiled, or would be if it were asked for. */
  worth(shape: StepShape): boolean;
  dispose(): void;
}

export interface StepShape {
  rows: number;
  past: number;
  recent: number;
}

/** Eager steps after which a shape is compiled: about what recording and the first run of a graph cost. */
export const WORTH_COMPILING = 24;
/** Graphs kept; the one that was compiled first goes. */
const MOST_PROGRAMS = 48;

/** @param after default WORTH_COMPILING; eager steps before a shape is compiled; Infinity: never */
export function compiledSteps(model: Llama, after = WORTH_COMPILING): CompiledSteps {
  const programs = new Map<string, Program>();
  const taken = new Map<string, number>();
  let broken = tf.getBackend() !== "tensorflow";

  const panelled = panelledWeights(model);
  const stepOf = (program: Program, weights: tf.NamedTensorMap) => (inputs: DecodeInputs) => {
    const { ids, at, past, recent } = inputs;
    const out = program.call("decode", {
      ...weights,
      ids,
      at,
      past: past.kv,
      pastAt: past.at,
      recent: recent.kv,
      recentAt: recent.at,
    });
    return {
      tokens: out["tokens"] as tf.Tensor1D,
      logits: out["logits"] as tf.Tensor2D,
      recent: { kv: out["recent"] as tf.Tensor5D, at: out["recentAt"] as tf.Tensor2D },
    };
  };

  const worth = (key: string) => programs.has(key) || (!broken && (taken.get(key) ?? 0) >= after);
  return {
    worth: (shape) => worth(keyOf(shape)),
    async of(shape) {
      const key = keyOf(shape);
      const known = programs.get(key);
      if (known) return stepOf(known, panelled.current());
      if (!worth(key)) return null;
      try {
        const weights = panelled.current();
        const program = await compileStep(model, weights, shape);
        programs.set(key, program);
        for (const oldest of [...programs.keys()].slice(0, Math.max(0, programs.size - MOST_PROGRAMS))) {
          programs.get(oldest)!.dispose();
          programs.delete(oldest);
          taken.delete(oldest);
        }
        return stepOf(program, weights);
      } catch (error) {
        broken = true;
        process.stderr.write(`decoding stays eager: ${(error as Error).message.split("\n")[0]}\n`);
        return null;
      }
    },
    note(shape) {
      const key = keyOf(shape);
      taken.set(key, (taken.get(key) ?? 0) + 1);
    },
    dispose() {
      for (const program of programs.values()) program.dispose();
      programs.clear();
      panelled.dispose();
    },
  };
}

const keyOf = ({ rows, past, recent }: StepShape) => `${rows}x${past}+${recent}`;

async function compileStep(
  model: Llama,
  weights: tf.NamedTensorMap,
  { rows: R, past, recent }: StepShape,
): Promise<Program> {
  const { num_hidden_layers: L, num_key_value_heads: K, head_dim: d } = model.config;
  const block = (S: number) => ({ shape: [2 * L, R, K, S, d] });
  const int32 = "int32" as const;
  return compile({
    functions: {
      decode: {
        inputs: {
          ...Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, { shape }])),
          ids: { shape: [R], dtype: int32 },
          at: { shape: [R, 1], dtype: int32 },
          past: block(past),
          pastAt: { shape: [R, past], dtype: int32 },
          recent: block(recent),
          recentAt: { shape: [R, recent], dtype: int32 },
        },
        run({ ids, at, past, pastAt, recent, recentAt, ...weights }) {
          const adapters = Object.entries(model.adapters ?? {}).map(([name, { scale }]) => {
            const [a, b] = [weights[`${name}.lora_a`], weights[`${name}.lora_b`]];
            return [name, { a, b, scale }] as const;
          });
          const view: Llama = {
            config: model.config,
            weights,
            ...(adapters.length > 0 && { adapters: Object.fromEntries(adapters) }),
          };
          const out = decodeStep(view, {
            ids,
            at,
            past: { kv: past, at: pastAt },
            recent: { kv: recent, at: recentAt },
          });
          return {
            tokens: out.tokens,
            logits: out.logits,
            recent: out.recent.kv,
            recentAt: out.recent.at,
          };
        },
      },
    },
  });
}
