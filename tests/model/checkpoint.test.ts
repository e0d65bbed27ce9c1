import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { loadBackend } from "../../lib/model/backend";
import { loadModel, saveModel } from "../../lib/model/checkpoint";
import { llamaConfig } from "../../lib/model/config";
import { createLlama, disposeModel } from "../../lib/model/llama";
import { readSafetensors, writeSafetensors } from "../../lib/model/safetensors";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { InputError } from "../../lib/util/errors";
import { createRng } from "../../lib/util/random";

const sizes = {
  vocab_size: 480,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
};
const fixtures = join(__dirname, "..", "fixtures");
const folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
before(() => loadBackend({ backend: "cpu" }));
after(() => rmSync(folder, { recursive: true }));

const faults = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.faults;
  }
  throw new assert.AssertionError({ message: "nothing thrown" });
};

for (const tie_word_embeddings of [false, true]) {
  test(`a model comes back as it was saved, ${tie_word_embeddings ? "tied" : "untied"}`, () => {
    const config = llamaConfig({ ...sizes, num_key_value_heads: 2, tie_word_embeddings });
    const model = createLlama(config, createRng(1));
    const tokenizer = loadTokenizer(join(fixtures, "tokenizer"));
    saveModel(folder, model, tokenizer);
    const again = loadModel(folder);
    assert.deepEqual(Object.keys(again.weights), Object.keys(model.weights));
    for (const [name, weight] of Object.entries(model.weights)) {
      assert.deepEqual(again.weights[name]!.dataSync(), weight.dataSync(), name);
    }
    for (const [field, value] of Object.entries(config)) {
      assert.deepEqual(again.config[field as keyof typeof config], value, field);
    }
    assert.equal(again.config.eos_token_id, tokenizer.eos);
    assert.deepEqual(loadTokenizer(folder).files, tokenizer.files);
    disposeModel(model);
    disposeModel(again);
  });
}

test("initial weights follow the config's deviation and the seed", () => {
  const model = createLlama(llamaConfig({ ...sizes, initializer_range: 0.5 }), createRng(3));
  const values = model.weights["model.embed_tokens.weight"]!.dataSync() as Float32Array;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
  assert.ok(Math.abs(deviation - 0.5) < 0.02, String(deviation));
  const same = createLlama(model.config, createRng(3));
  assert.deepEqual(same.weights["lm_head.weight"]!.dataSync(), model.weights["lm_head.weight"]!.dataSync());
  disposeModel(model);
  disposeModel(same);
});

test("every fault of a config is told at once", () => {
  const config = { ...sizes, vocab_size: -1, hidden_act: "gelu", rope_scaling: { type: "linear" }, moe: 8 };
  const told = faults(() => llamaConfig(config)).join("\n");
  for (const field of ["vocab_size", "hidden_act", "rope_scaling", "moe"])
    assert.match(told, new RegExp(field));
  assert.match(faults(() => llamaConfig({ ...sizes, num_key_value_heads: 3 }))[0]!, /does not divide/);
  assert.match(faults(() => llamaConfig({ ...sizes, num_attention_heads: 16 }))[0]!, /odd/);
});

test("a folder that is no checkpoint, or holds other tensors, is refused by name", () => {
  assert.equal(faults(() => loadModel(join(folder, "nowhere"))).length, 2);
  const weights = join(folder, "model.safetensors");
  const tensors = readSafetensors(weights);
  tensors.delete("model.norm.weight");
  tensors.set("model.norm.bias", { shape: [1], data: new Float32Array(1) });
  writeSafetensors(weights, tensors);
  const told = faults(() => loadModel(folder));
  assert.equal(told.length, 2);
  assert.match(told[0]!, /model\.norm\.weight: \[16\] expected, nothing found/);
  assert.match(told[1]!, /model\.norm\.bias: not part of a Llama/);
});

test("safetensors: any tensors come back, bit for bit", () => {
  const file = join(folder, "any.safetensors");
  const tensor = fc.array(fc.float(), { maxLength: 9 }).map((values) => ({
    shape: [values.length],
    data: Float32Array.from(values),
  }));
  const name = fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__" && name !== "__proto__");
  fc.assert(
    fc.property(fc.dictionary(name, tensor), (dictionary) => {
      writeSafetensors(file, new Map(Object.entries(dictionary)));
      assert.deepEqual(readSafetensors(file), new Map(Object.entries(dictionary)));
    }),
  );
});

test("safetensors: half precision is read, other types and cut files are refused", () => {
  const file = join(folder, "half.safetensors");
  const write = (dtype: string, bytes: Buffer, count: number) => {
    const header = Buffer.from(
      JSON.stringify({ x: { dtype, shape: [count], data_offsets: [0, bytes.length] } }),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(file, Buffer.concat([length, header, bytes]));
    return () => [...readSafetensors(file).get("x")!.data];
  };
  const words = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
  // 1, −2, the least subnormal, the largest, infinity.
  assert.deepEqual(write("F16", words(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00), 5)(), [
    1,
    -2,
    2 ** -24,
    65504,
    Number.POSITIVE_INFINITY,
  ]);
  assert.deepEqual(write("BF16", words(0x3f80, 0xc000, 0x4049), 3)(), [1, -2, 3.140625]);
  assert.match(faults(write("I64", Buffer.alloc(8), 1))[0]!, /half\.safetensors: x: type I64/);
  assert.match(faults(write("F32", Buffer.alloc(8), 3))[0]!, /2 values for shape \[3\]/);
  writeFileSync(file, readFileSync(file).subarray(0, 20));
  assert.match(faults(() => readSafetensors(file))[0]!, /cut short/);
});
