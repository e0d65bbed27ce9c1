/** A checkpoint is a Hugging Face model folder: transformers and vLLM load it as it is. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";
import { type LlamaConfig, llamaConfig } from "./config";
import { buildLlama, type Llama, parameterShapes } from "./llama";
import { readSafetensors, writeSafetensors } from "./safetensors";
import type { Tokenizer } from "./tokenizer";

/** A folder's config.json. Throws InputError where it is missing, or asks for what the kit does not compute. */
export function loadConfig(folder: string): LlamaConfig {
  const file = join(folder, "config.json");
  if (!existsSync(file)) throw new InputError(`${file}: no such file; a checkpoint needs it`);
  return llamaConfig(JSON.parse(readFileSync(file, "utf8")), file);
}

/**
 * The model of a folder: config.json and model.safetensors (F32, F16 or BF16, in one file), computed in float32.
 *
 * @throws InputError when a file is missing, the config asks for what the kit does not compute, or the tensors are
 * not those that it describes: every fault at once.
 */
export function loadModel(folder: string): Llama {
  const [configFile, weightsFile] = [join(folder, "config.json"), join(folder, "model.safetensors")];
  const missing = [configFile, weightsFile].filter((file) => !existsSync(file));
  if (missing.length > 0)
    throw new InputError(missing.map((file) => `${file}: no such file; a checkpoint needs it`));
  const config = loadConfig(folder);
  const tensors = readSafetensors(weightsFile);

  const expected = parameterShapes(config);
  const faults: string[] = [];
  for (const [name, shape] of Object.entries(expected)) {
    const found = tensors.get(name)?.shape;
    if (String(found) !== String(shape)) {
      faults.push(`${weightsFile}: ${name}: [${shape}] expected, ${found ? `[${found}]` : "nothing"} found`);
    }
  }
  // Some writers repeat a tied head.
  const redundant = config.tie_word_embeddings ? ["lm_head.weight"] : [];
  for (const name of tensors.keys()) {
    if (!(name in expected) && !redundant.includes(name))
      faults.push(`${weightsFile}: ${name}: not part of a Llama`);
  }
  if (faults.length > 0) throw new InputError(faults);
  return buildLlama(config, (name) => tensors.get(name)!.data);
}

/** Writes config.json, generation_config.json, model.safetensors (float32) and the tokenizer's two files. */
export function saveModel(folder: string, model: Llama, tokenizer: Tokenizer): void {
  const { config, weights } = model;
  const tokens = { bos_token_id: tokenizer.bos, eos_token_id: tokenizer.eos, pad_token_id: tokenizer.pad };
  const stops = [...new Set([tokenizer.endOfTurn, tokenizer.eos])].filter((id) => id !== null);
  const write = (name: string, content: object) =>
    writeAtomic(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  writeSafetensors(
    join(folder, "model.safetensors"),
    new Map(
      Object.entries(weights).map(([name, w]) => [
        name,
        { shape: w.shape, data: w.dataSync() as Float32Array },
      ]),
    ),
  );
  write("config.json", { ...config, ...tokens, torch_dtype: "float32" });
  write("generation_config.json", { ...tokens, eos_token_id: stops });
  write("tokenizer.json", tokenizer.files.tokenizer);
  write("tokenizer_config.json", tokenizer.files.config);
}
