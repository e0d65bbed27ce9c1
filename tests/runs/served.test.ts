/** Episodes behind a server that the run itself starts: here the kit's own, with the shipped base. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { servedModel, serverCommand } from "../../lib/llm/served";
import { execute } from "../../lib/runs/execute";
import { readEpisodes } from "../../lib/runs/read";
import { type EvaluateSpec, runId } from "../../lib/runs/spec";
import { ROOT } from "../../lib/util/files";
import { ownStore } from "./by-hand";

const agentbank = join(ROOT, "bin", "agentbank.cjs");
const server = `${process.execPath} ${agentbank} serve --model {folder} --port {port} --backend cpu`;
const spec: EvaluateSpec = {
  kind: "evaluate",
  model: { kind: "base", name: "base", folder: "data/base", sha256: "0" },
  instances: { task: "gsm8k", split: "test", count: 2, seed: 0 },
  shots: 0,
  maxTokens: 6,
};

test("a served model plays the same episodes as the one that the kit computes, and its server ends", async () => {
  ownStore();
  const served = { ...spec, server };
  assert.notEqual(runId(served), runId(spec), "who computes is part of what determines the result");
  await execute(spec);
  await execute(served);
  const turns = async (s: EvaluateSpec) => (await readEpisodes(s)).map((e) => e.turns);
  assert.deepEqual(await turns(served), await turns(spec));
  const left = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout;
  assert.ok(!left.includes(`serve --model ${join(ROOT, "data", "base")} --port`));
});

test("a server that does not start, or says why it ends, is an input error with what it said", async () => {
  const folder = mkdtempSync(join(tmpdir(), "no-model-"));
  const open = (command: string) => servedModel(folder, { command, name: "m" });
  await assert.rejects(open("no-such-program {folder} {port}"), /InputError: server: .*ENOENT/);
  const script = `${process.execPath} -e console.error("no_room_for_${"{folder}"}");process.exit(3) {port}`;
  await assert.rejects(open(script), new RegExp(`exit code 3[^]*no_room_for_${folder}`));
});

test("folder and port are put in place; a command that names neither is refused", () => {
  assert.deepEqual(serverCommand("serve {folder}  --at=127.0.0.1:{port}", "/a b", 7), [
    "serve",
    "/a b",
    "--at=127.0.0.1:7",
  ]);
  assert.throws(() => serverCommand("serve", "/a", 7), /no \{folder\} in "serve"\n.*no \{port\}/);
});
