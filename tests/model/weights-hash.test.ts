import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { weightsHash } from "../../lib/model/weights-hash";
import { sha256 } from "../../lib/util/hash";

const folder = () => mkdtempSync(join(tmpdir(), "weights-"));

test("one file's own hash; shards in the order of their names; null without any", () => {
  const whole = folder();
  writeFileSync(join(whole, "config.json"), "{}");
  assert.equal(weightsHash(whole), null);
  assert.equal(weightsHash(join(whole, "nowhere")), null);
  writeFileSync(join(whole, "model.safetensors"), "weights");
  assert.equal(weightsHash(whole), sha256("weights"));
  const shards = folder();
  writeFileSync(join(shards, "model-00002-of-00002.safetensors"), "ghts");
  writeFileSync(join(shards, "model-00001-of-00002.safetensors"), "wei");
  assert.equal(weightsHash(shards), sha256("weights"));
});

test("weights that changed have another hash, in the same process too", () => {
  const model = folder();
  const path = join(model, "model.safetensors");
  writeFileSync(path, "one");
  const before = weightsHash(model);
  writeFileSync(path, "two");
  utimesSync(path, 1, 1);
  assert.notEqual(weightsHash(model), before);
});

test("the hash of large weights is kept on disk, and known to whoever asks later", () => {
  const { AGENTBANK_CACHE } = process.env;
  process.env["AGENTBANK_CACHE"] = folder();
  try {
    const model = folder();
    const bytes = Buffer.alloc(101e6, 7);
    writeFileSync(join(model, "model.safetensors"), bytes);
    assert.equal(weightsHash(model), sha256(bytes));
    mkdirSync(join(model, "empty"));
    assert.equal(weightsHash(model), sha256(bytes));
  } finally {
    if (AGENTBANK_CACHE === undefined) delete process.env["AGENTBANK_CACHE"];
    else process.env["AGENTBANK_CACHE"] = AGENTBANK_CACHE;
  }
});
