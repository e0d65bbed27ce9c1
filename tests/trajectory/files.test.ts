import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { readTrajectories, writeTrajectories } from "../../lib/trajectory/files";
import { trajectory } from "./arbitrary";

const folder = mkdtempSync(join(tmpdir(), "trajectories-"));
after(() => rmSync(folder, { recursive: true }));
const some = fc.array(trajectory, { minLength: 1, maxLength: 8 });

for (const extension of ["jsonl", "json", "parquet"])
  test(`the kit's format loses nothing in .${extension}`, async () => {
    const path = join(folder, `own.${extension}`);
    await fc.assert(
      fc.asyncProperty(some, async (trajectories) => {
        writeTrajectories(path, trajectories);
        assert.deepEqual(await readTrajectories(path), { format: "kit", trajectories, faults: [] });
      }),
      { numRuns: 40 },
    );
  });

for (const format of ["agentbank", "agentinstruct", "sharegpt", "openai", "fireact-gpt"])
  for (const extension of ["jsonl", "parquet"])
    test(`what ${format} can hold survives in .${extension}`, async () => {
      const path = join(folder, `${format}.${extension}`);
      await fc.assert(
        fc.asyncProperty(some, async (trajectories) => {
          writeTrajectories(path, trajectories, { format });
          const read = await readTrajectories(path, { format });
          assert.deepEqual(read.faults, []);
          const held = (turns: (typeof trajectories)[0]["turns"]) =>
            turns.map(({ loss, ...turn }) => (format === "agentinstruct" ? { ...turn, loss } : turn));
          assert.deepEqual(
            read.trajectories.map((t) => held(t.turns)),
            trajectories.map((t) => held(t.turns)),
          );
        }),
        { numRuns: 30 },
      );
    });

test("every fault of every row is told with file and line, and sound rows are read", async () => {
  const path = join(folder, "faulty.jsonl");
  const lines = [
    {
      id: "a",
      conversations: [
        { from: "human", value: "Hi" },
        { from: "gpt", value: "Thought: x\nAction: y" },
      ],
    },
    { id: "b", conversations: [{ from: "human", value: "Hi" }, { from: "bing" }] },
    "{ not json",
    {
      id: "c",
      conversations: [
        { from: "gpt", value: "Hi" },
        { from: "gpt", value: " " },
      ],
    },
  ];
  writeFileSync(path, lines.map((l) => (typeof l === "string" ? l : JSON.stringify(l))).join("\n"));
  const { format, trajectories, faults } = await readTrajectories(path, { task: "webshop", skill: "web" });
  assert.equal(format, "agentbank");
  assert.deepEqual(
    trajectories.map((t) => [t.id, t.task, t.skill, t.turns[1]?.action]),
    [["a", "webshop", "web", "y"]],
  );
  const told = faults.map((f) => f.replace(`${path}:`, ""));
  assert.match(told[0]!, /^2: conversations\.1\.from: /);
  assert.match(told[1]!, /^2: conversations\.1\.value: /);
  assert.match(told[2]!, /^3: not JSON: /);
  assert.deepEqual(told.slice(3), [
    "4: turn 1 (assistant): expected user",
    "4: turn 2 (assistant): is blank",
  ]);
});

test("files and formats that are not known are input errors, and nothing is written", async () => {
  const path = join(folder, "x.jsonl");
  await assert.rejects(readTrajectories(path), { name: "InputError", message: /^no such file/ });
  await assert.rejects(
    readTrajectories(join(folder, "x.csv")),
    /unknown extension .*"\.csv"; known: \.jsonl, /,
  );
  writeFileSync(path, '{"a": 1}\n');
  await assert.rejects(
    readTrajectories(path),
    /no row is in a known trajectory format; known: kit, agentinstruct/,
  );
  await assert.rejects(
    readTrajectories(path, { format: "x" }),
    /unknown trajectory format: "x"; known: kit, /,
  );
  const [one] = fc.sample(trajectory, 1);
  const withSystem = {
    ...one!,
    turns: [{ role: "system" as const, content: "s", loss: false }, ...one!.turns],
  };
  const target = join(folder, "none.jsonl");
  for (const format of ["agentbank", "agentinstruct", "fireact-alpaca"])
    assert.throws(
      () => writeTrajectories(target, [withSystem], { format }),
      /has no place for a system turn/,
    );
  assert.equal(existsSync(target), false);
});
