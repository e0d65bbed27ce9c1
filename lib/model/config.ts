/** The config.json of a Hugging Face Llama checkpoint, as far as this kit computes it. */
import { z } from "zod";
import { InputError } from "../util/errors";

const size = z.number().int().positive();
const tokenId = z.number().int().nonnegative();

/**
 * What changes the result is read or refused; what only informs transformers passes through to the saved file.
 * A field that is not listed is an error: it might change the result.
 */
const schema = z.strictObject({
  architectures: z.array(z.literal("LlamaForCausalLM")).default(["LlamaForCausalLM"]),
  model_type: z.literal("llama").default("llama"),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  /** K of grouped-query attention. Default: num_attention_heads, that is no grouping. */
  num_key_value_heads: size.optional(),
  /** Default: hidden_size / num_attention_heads. */
  head_dim: size.nullish(),
  max_position_embeddings: size.default(2048),
  rope_theta: z.number().positive().default(10000),
  rms_norm_eps: z.number().positive().default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  initializer_range: z.number().positive().default(0.02),
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
  pad_token_id: z.number().int().nullish(),
  hidden_act: z.literal("silu").default("silu"),
  attention_bias: z.literal(false).default(false),
  mlp_bias: z.literal(false).default(false),
  attention_dropout: z.literal(0).default(0),
  rope_scaling: z.null().optional(),
  pretraining_tp: z.literal(1).optional(),
  use_cache: z.boolean().optional(),
  torch_dtype: z.string().optional(),
  dtype: z.string().optional(),
  transformers_version: z.string().optional(),
  _name_or_path: z.string().optional(),
});

/** Fields of config.json under their Hugging Face names, defaults filled in. */
export type LlamaConfig = z.output<typeof schema> & { num_key_value_heads: number; head_dim: number };
/** The same as it may be written by hand: only the six sizes are needed. */
export type LlamaConfigInput = z.input<typeof schema>;

/**
 * Checks a parsed config.json and fills in the defaults (those of transformers' LlamaConfig).
 *
 * @param source named in the faults. Default `config.json`.
 * @throws InputError with every fault at once: `config.json: hidden_act: …`
 */
export function llamaConfig(input: LlamaConfigInput | unknown, source = "config.json"): LlamaConfig {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.map((issue) =>
        issue.code === "unrecognized_keys"
          ? `${source}: unsupported: ${issue.keys.join(", ")}`
          : `${source}: ${issue.path.join(".")}: ${issue.message}`,
      ),
    );
  }
  const config = parsed.data;
  const H = config.num_attention_heads;
  const K = config.num_key_value_heads ?? H;
  const headDim = config.head_dim ?? config.hidden_size / H;
  const faults: string[] = [];
  if (H % K !== 0)
    faults.push(`${source}: num_key_value_heads ${K} does not divide num_attention_heads ${H}`);
  if (!Number.isInteger(headDim)) {
    faults.push(`${source}: num_attention_heads ${H} does not divide hidden_size ${config.hidden_size}`);
  } else if (headDim % 2 !== 0) {
    faults.push(`${source}: head_dim ${headDim} is odd; rotary embeddings turn pairs`);
  }
  if (faults.length > 0) throw new InputError(faults);
  return { ...config, num_key_value_heads: K, head_dim: headDim };
}
