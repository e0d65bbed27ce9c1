/** Official files: everything loads without a fault, and comes back as it was but for the losses each format states. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readTrajectories } from "../../lib/trajectory/files";
import { getFormat } from "../../lib/trajectory/formats";
import { benchmarks } from "../benchmarks";

type Json = Record<string, unknown>;

/** File, format detected, rows, and what reading and writing makes of a row where that is not the row itself. */
const files: [path: string, format: string, rows: number, expected?: (row: Json, id: string) => Json][] = [
  ["trajectories/fireact/alpaca_format/hotpotqa.json", "fireact-alpaca", 221],
  ["trajectories/fireact/alpaca_format/multitask.json", "fireact-alpaca", 648],
  ["trajectories/fireact/gpt_format/hotpotqa.jsonl", "fireact-gpt", 221],
  ["trajectories/fireact/gpt_format/multitask.jsonl", "fireact-gpt", 648],
  ["instruct/sharegpt/dummy_conversation.json", "sharegpt", 250],
  ["instruct/sharegpt/glaive_toolcall_en_demo.json", "sharegpt", 147, (row, id) => ({ ...row, id })],
  [
    "instruct/alpaca/identity.json",
    "evol-codealpaca",
    46,
    ({ instruction, input, output }) => ({
      instruction: input ? `${instruction}\n\n${input}` : instruction,
      output,
    }),
  ],
  ["trajectories/swe_smith/ft_xml_example.jsonl", "openai", 2, (row, id) => ({ ...row, id })],
];

for (const [path, format, count, expected] of files) {
  const file = benchmarks(path);
  test(`${path} loads and round-trips`, {
    skip: file ? false : `no ${path} among the benchmarks`,
  }, async () => {
    const text = readFileSync(file!, "utf8");
    const rows: Json[] = path.endsWith("l")
      ? text
          .trim()
          .split("\n")
          .map((l) => JSON.parse(l))
      : JSON.parse(text);
    const read = await readTrajectories(file!);
    assert.deepEqual(read.faults, []);
    assert.equal(read.format, format);
    assert.equal(read.trajectories.length, count);
    const { write } = getFormat(format);
    read.trajectories.forEach((trajectory, i) => {
      assert.deepEqual(write(trajectory), expected ? expected(rows[i]!, trajectory.id) : rows[i]);
    });
  });
}

const pair = ["alpaca", "gpt"].map((f) =>
  benchmarks(`trajectories/fireact/${f}_format/multitask.json${f === "gpt" ? "l" : ""}`),
);
test("FireAct's two formats hold the same trajectories", {
  skip: pair[0] ? false : "no FireAct files",
}, async () => {
  const [alpaca, gpt] = await Promise.all(
    pair.map(async (path) =>
      (await readTrajectories(path!)).trajectories
        .map(({ turns, reward }) =>
          JSON.stringify({ turns: turns.map((t) => [t.role, t.content.trim()]), reward }),
        )
        .sort(),
    ),
  );
  assert.deepEqual(alpaca, gpt);
});
