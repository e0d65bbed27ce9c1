/** Models that a process holds between its runs. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadPreset } from "../../lib/experiments/preset";
import { base, evaluation } from "../../lib/experiments/recipes";
import { execute } from "../../lib/runs/execute";
import { closePlayers, withPlayers } from "../../lib/runs/players";
import { runFolder } from "../../lib/runs/store";

const preset = loadPreset("smoke", { data: { test: 3 }, maxTokens: 12 });
const model = base(preset);
after(() => closePlayers());

test("the next run takes the model that the last one had open; after a fault it is opened anew", async () => {
  const opened = (use: () => void = () => {}) =>
    withPlayers([model], undefined, async ([player]) => {
      use();
      return player!;
    });
  const first = await opened();
  assert.equal(await opened(), first);
  await assert.rejects(
    opened(() => {
      throw new Error("half read");
    }),
    /half read/,
  );
  assert.notEqual(await opened(), first);
});

test("an evaluation comes out the same whatever was played before it", async () => {
  const played = async (tasks: readonly string[]) => {
    process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
    await closePlayers();
    for (const task of tasks) await execute(evaluation(preset, model, task));
    return readFileSync(join(runFolder(evaluation(preset, model, tasks.at(-1)!)), "episodes.jsonl"), "utf8");
  };
  assert.equal(await played(["webshop", "gsm8k"]), await played(["gsm8k"]));
});
