/** A run of the judge, from annotations to what is told of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRun } from "../../lib/runs/describe";
import { execute } from "../../lib/runs/execute";
import { readStored } from "../../lib/runs/inventory";
import { readJudgements, readMatched } from "../../lib/runs/read";
import { resultsOf } from "../../lib/runs/results";
import type { JudgeSpec } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";
import { annotation, ownStore } from "./by-hand";

test("pairs of two annotations are judged once, and those that are identical not at all", async () => {
  ownStore();
  const instances = { task: "webshop", split: "train", count: 16, seed: 0 } as const;
  // A teacher who mostly buys what half fits: kept above 0.3, and tried again where full reward is asked for.
  const teacher = { kind: "simulated", easy: 0.3, hard: 0.3 } as const;
  const judging: JudgeSpec = {
    kind: "judge",
    pairs: {
      first: annotation("webshop", { instances, teacher, strategies: ["explore"], rewardAbove: 0.3 }),
      second: annotation("webshop", { instances, teacher, strategies: ["explore"], attempts: 12 }),
      strategy: null,
      count: 100,
    },
    judge: { kind: "simulated" },
  };
  for (const spec of [judging.pairs.first, judging.pairs.second, judging]) await execute(spec);
  const pairs = await readMatched(judging.pairs);
  const differing = pairs.filter(({ identical }) => !identical);
  assert.ok(differing.length > 3 && differing.length < pairs.length);
  const judgements = await readJudgements(judging);
  assert.deepEqual(
    judgements.map(({ pair }) => pair),
    differing.map(({ id }) => id),
  );
  assert.ok(judgements.some(({ verdict }) => verdict === "lose"));
  assert.equal(describeRun(judging), "explore against explore on webshop, simulated judge");
  const stored = readStored(runFolder(judging))!;
  const told = await resultsOf(stored);
  assert.equal(told["pairs judged"], differing.length);
  assert.equal(told["lose"], judgements.filter(({ verdict }) => verdict === "lose").length);
});
