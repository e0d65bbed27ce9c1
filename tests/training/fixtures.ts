/** A tokenizer and trajectories that need no files: a byte-level vocabulary in which common words are whole. */

import { saveModel } from "../../lib/model/checkpoint";
import { llamaConfig } from "../../lib/model/config";
import { createLlama, disposeModel } from "../../lib/model/llama";
import { CHATML, createTokenizer, type Tokenizer } from "../../lib/model/tokenizer";
import { buildTokenizer, CHAT_TEMPLATE } from "../../lib/training/pretrain/vocabulary";
import type { Trajectory, Turn } from "../../lib/trajectory/schema";
import { createRng } from "../../lib/util/random";

const lexicon = {
  code: ["red", "blue", "open", "go"],
  food: ["apple", "bread", "milk", "salt", "rice", "corn"],
};

export const tokenizer: Tokenizer = buildTokenizer(lexicon, 1400);

/** The same vocabulary under another chat template, the special tokens renamed to the template's. */
export function withTemplate(chat_template: string): Tokenizer {
  const chatml = chat_template.includes("<|im_end|>");
  const renamed = (value: object) =>
    chatml
      ? JSON.parse(
          JSON.stringify(value).replaceAll("<|end|>", "<|im_end|>").replaceAll("<|user|>", "<|im_start|>"),
        )
      : value;
  const { tokenizer: json, config } = tokenizer.files;
  return createTokenizer(renamed(json), { ...renamed(config), chat_template });
}

export const templates = { compact: CHAT_TEMPLATE, chatml: CHATML };

export function trajectory(id: string, turns: readonly Turn[]): Trajectory {
  return {
    version: 1,
    id,
    task: "test",
    skill: null,
    instance: id,
    difficulty: null,
    turns: [...turns],
    reward: null,
    provenance: { strategy: "imported", teacher: null, simulated: true, source: "generated" },
  };
}

export const user = (content: string): Turn => ({ role: "user", content, loss: false });
export const agent = (content: string, loss = true): Turn => ({ role: "assistant", content, loss });

/** `count` conversations of two turns each, of different lengths. */
export function conversations(count: number, seed: number): Trajectory[] {
  return Array.from({ length: count }, (_, i) => {
    const rng = createRng(`${seed}/${i}`);
    const words = (k: number) => Array.from({ length: k }, () => rng.pick(lexicon.food)).join(" ");
    const asked = words(rng.int(1, 6));
    return trajectory(`row-${seed}-${i}`, [user(`go ${asked}`), agent(asked), user("red"), agent("blue")]);
  });
}

export const tinyConfig = llamaConfig({
  vocab_size: 1400,
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 128,
});

/** Writes a tiny random checkpoint. */
export function writeTinyModel(folder: string): void {
  const model = createLlama(tinyConfig, createRng("tiny"));
  saveModel(folder, model, tokenizer);
  disposeModel(model);
}
