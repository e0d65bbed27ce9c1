/**
 * The decode step compiled, once it has proved worth it: it is taken eagerly at first, and after some steps its graph
 * is recorded, for any number of rows and any length, and from then on TensorFlow runs that.
 *
 * The weights are inputs of the graph, not variables of it: a model that is being trained is decoded as it is now.
 */
import * as tf from "@tensorflow/tfjs";
import { compile, type Program } from "../../compile/program";
import type { Llama } from "../llama";
import { panelledWeights } from "./panels";
import { type DecodeInputs, type DecodeOutputs, decodeStep, RECENT } from "./step";

export interface DecodeStep {
  run(inputs: DecodeInputs): DecodeOutputs;
  /** Compiles the step where it has been taken often enough. To be called between steps, again whenever weights may have changed. */
  prepare(): Promise<void>;
  dispose(): void;
}

/** Eager steps after which the step is compiled: about what recording and the first run of a graph cost. */
export const WORTH_COMPILING = 24;

/** @param after default WORTH_COMPILING; eager steps before it is compiled; Infinity: never */
export function createDecodeStep(model: Llama, after = WORTH_COMPILING): DecodeStep {
  const panelled = panelledWeights(model);
  let program: Program | null = null;
  let weights: tf.NamedTensorMap = {};
  let taken = 0;
  let broken = tf.getBackend() !== "tensorflow";

  return {
    run(inputs) {
      if (!program) {
        taken++;
        return eagerStep(model, inputs);
      }
      const { ids, at, past, recent } = inputs;
      const out = program.call("decode", {
        ...weights,
        ids,
        at,
        past: past.kv,
        pastAt: past.at,
        recentAt: recent.at,
        ...Object.fromEntries(recent.columns.map((column, i) => [`recent_${i}`, column])),
      });
      return {
        tokens: out["tokens"] as tf.Tensor1D,
        logits: out["logits"] as tf.Tensor2D,
        column: out["column"] as tf.Tensor5D,
      };
    },
    async prepare() {
      if (broken || (!program && taken < after)) return;
      weights = panelled.current();
      if (program) return;
      try {
        program = await compileStep(model, weights);
      } catch (error) {
        broken = true;
        panelled.dispose();
        process.stderr.write(`decoding stays eager: ${(error as Error).message.split("\n")[0]}\n`);
      }
    },
    dispose() {
      program?.dispose();
      program = null;
      panelled.dispose();
    },
  };
}

function eagerStep(model: Llama, inputs: DecodeInputs): DecodeOutputs {
  return tf.tidy(() => ({ ...decodeStep(model, inputs) }));
}

async function compileStep(model: Llama, weights: tf.NamedTensorMap): Promise<Program> {
  const { num_hidden_layers: L, num_key_value_heads: K, head_dim: d } = model.config;
  const block = (S: number | string) => ({ shape: [2 * L, "R", K, S, d] });
  const int32 = "int32" as const;
  const names = Array.from({ length: RECENT }, (_, i) => `recent_${i}`);
  return compile({
    functions: {
      decode: {
        inputs: {
          ...Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, { shape }])),
          ids: { shape: ["R"], dtype: int32 },
          at: { shape: ["R", 1], dtype: int32 },
          past: block("S"),
          pastAt: { shape: ["R", "S"], dtype: int32 },
          recentAt: { shape: ["R", RECENT], dtype: int32 },
          ...Object.fromEntries(names.map((name) => [name, block(1)])),
        },
        run({ ids, at, past, pastAt, recentAt, ...rest }) {
          const adapters = Object.entries(model.adapters ?? {}).map(([name, { scale }]) => {
            const [a, b] = [rest[`${name}.lora_a`], rest[`${name}.lora_b`]];
            return [name, { a, b, scale }] as const;
          });
          const view: Llama = {
            config: model.config,
            weights: rest,
            ...(adapters.length > 0 && { adapters: Object.fromEntries(adapters) }),
          };
          const recent = { columns: names.map((name) => rest[name]), at: recentAt };
          return { ...decodeStep(view, { ids, at, past: { kv: past, at: pastAt }, recent }) };
        },
      },
    },
  });
}
