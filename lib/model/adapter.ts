/**
 * Low-rank adapters (LoRA, Hu et al. 2021) in peft's format: adapter_config.json beside adapter_model.safetensors, whose
 * tensors are named `base_model.model.LAYER.lora_A.weight` [r, in] and `….lora_B.weight` [out, r]. peft, transformers
 * and vLLM load the folder onto the same base.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";
import { loadModel } from "./checkpoint";
import type { Adapter, Llama } from "./llama";
import { type HostTensor, readSafetensors, writeSafetensors } from "./safetensors";

export interface AdapterInfo {
  rank: number;
  /** The update counts alpha / rank times. */
  alpha: number;
  /** Last parts of the adapted layers' names: `q_proj`, … */
  targets: readonly string[];
  /** The base that it belongs on. */
  base: string | null;
}

type Adapters = Readonly<Record<string, Adapter>>;

/** What changes the result is read or refused; what else peft writes into its config says how training went. */
const schema = z.looseObject({
  peft_type: z.literal("LORA"),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.array(z.string()), z.string()]),
  base_model_name_or_path: z.string().nullish(),
  use_rslora: z.boolean().default(false),
  use_dora: z.literal(false).default(false),
  fan_in_fan_out: z.literal(false).default(false),
  bias: z.literal("none").default("none"),
  modules_to_save: z.null().optional(),
  rank_pattern: z.strictObject({}).default({}),
  alpha_pattern: z.strictObject({}).default({}),
});

function readConfig(file: string): z.output<typeof schema> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError(`${file}: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InputError(parsed.error.issues.map((i) => `${file}: ${i.path.join(".")}: ${i.message}`));
}

/**
 * The folder of the whole model: `path` itself, or where it holds an adapter alone, the base that the adapter names, a
 * path from there or from the working folder.
 *
 * @throws InputError where an adapter's base is not here; a folder without either is given back as it is.
 */
export function baseFolder(path: string): string {
  const file = join(path, "adapter_config.json");
  if (existsSync(join(path, "config.json")) || !existsSync(file)) return path;
  const { base_model_name_or_path: base } = readConfig(file);
  const found = [resolve(path, base ?? "."), resolve(base ?? ".")].find((folder) =>
    existsSync(join(folder, "config.json")),
  );
  if (!base || !found)
    throw new InputError(
      `${file}: base_model_name_or_path: ${base ? `no model "${base}" here` : "missing"}; name the folder of the adapter's base`,
    );
  return found;
}

/** The model of a checkpoint folder, of a GGUF file, or of an adapter's folder: there, its base with the update added in. */
export function loadTuned(path: string): Llama {
  const base = baseFolder(path);
  const model = loadModel(base);
  if (base === path) return model;
  const { adapters } = withAdapter(model, path);
  tf.tidy(() => {
    const merged = mergedWeights({ ...model, adapters });
    for (const layer of Object.keys(adapters!))
      model.weights[`${layer}.weight`]!.assign(merged[`${layer}.weight`]!);
  });
  tf.dispose(Object.values(adapters!).flatMap(({ a, b }) => [a, b]));
  return model;
}

const tensorName = (layer: string, side: "A" | "B") => `base_model.model.${layer}.lora_${side}.weight`;

/** Writes both files. */
export function writeAdapter(folder: string, adapters: Adapters, info: AdapterInfo): void {
  const tensors = new Map<string, HostTensor>();
  for (const [layer, { a, b }] of Object.entries(adapters))
    for (const [side, { shape, data }] of [
      ["A", { shape: a.shape, data: a.dataSync() as Float32Array }],
      ["B", { shape: b.shape, data: b.dataSync() as Float32Array }],
    ] as const)
      tensors.set(tensorName(layer, side), { shape, data });
  writeSafetensors(join(folder, "adapter_model.safetensors"), tensors);
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: info.base,
    r: info.rank,
    lora_alpha: info.alpha,
    lora_dropout: 0,
    target_modules: info.targets,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
  };
  writeAtomic(join(folder, "adapter_config.json"), `${JSON.stringify(config, null, 2)}\n`);
}

/**
 * The model with the adapter of a folder on it; it computes as peft's does. The weights stay the model's own.
 *
 * @throws InputError with every fault: a file is missing, the adapter is of a kind that is not computed (DoRA, biases,
 * ranks by layer), or its tensors do not fit the model.
 */
export function withAdapter(model: Llama, folder: string): Llama {
  const [configFile, file] = [join(folder, "adapter_config.json"), join(folder, "adapter_model.safetensors")];
  const missing = [configFile, file].filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw new InputError(missing.map((path) => `${path}: no such file; an adapter needs it`));
  const { r, lora_alpha, use_rslora } = readConfig(configFile);
  const tensors = readSafetensors(file);
  const faults: string[] = [];
  const found = new Map<string, { a: HostTensor; b: HostTensor }>();
  for (const name of tensors.keys()) {
    const layer = /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(name)?.[1];
    const weight = layer === undefined ? undefined : model.weights[`${layer}.weight`];
    const [a, b] = (["A", "B"] as const).map((side) => tensors.get(tensorName(layer!, side)));
    if (layer === undefined || !weight) faults.push(`${file}: ${name}: not of a linear layer of the model`);
    else if (String(a?.shape) !== `${r},${weight.shape[1]}` || String(b?.shape) !== `${weight.shape[0]},${r}`)
      faults.push(
        `${file}: ${layer}: A [${r},${weight.shape[1]}] and B [${weight.shape[0]},${r}] expected, [${a?.shape}] and [${b?.shape}] found`,
      );
    else found.set(layer, { a: a!, b: b! });
  }
  if (faults.length > 0) throw new InputError([...new Set(faults)]);
  if (found.size === 0) throw new InputError(`${file}: no tensors`);
  const scale = lora_alpha / (use_rslora ? Math.sqrt(r) : r);
  const variable = ({ shape, data }: HostTensor) => tf.tidy(() => tf.variable(tf.tensor(data, shape)));
  const adapters = Object.fromEntries(
    [...found].map(([layer, { a, b }]) => [layer, { a: variable(a), b: variable(b), scale }]),
  );
  return { ...model, adapters };
}

/** The weights with the adapters added in, W + s·B·A; those of the model stay as they are. Call it within `tf.tidy`. */
export function mergedWeights({ weights, adapters = {} }: Llama): Llama["weights"] {
  const merged = { ...weights };
  for (const [layer, { a, b, scale }] of Object.entries(adapters)) {
    const name = `${layer}.weight`;
    // Whoever reads weights serves as well with a tensor as with a variable.
    merged[name] = tf.add(
      weights[name]!,
      tf.mul(tf.matMul(b as tf.Tensor2D, a as tf.Tensor2D), scale),
    ) as tf.Variable;
  }
  return merged;
}
