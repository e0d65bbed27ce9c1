/** Runs written by hand, so that every number that an experiment should give is known. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verdict } from "../../lib/experiments/verdict";
import { type AbilitySpec, dependencies, type EvaluateSpec, type RunSpec } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";
import { getTask } from "../../lib/tasks/registry";
import { SCHEMA_VERSION, type Trajectory } from "../../lib/trajectory/schema";
import { writeJsonl } from "../../lib/util/jsonl";

/** Makes a store of runs of the test's own. */
export function ownRuns(): void {
  process.env.AGENTBANK_RUNS = mkdtempSync(join(tmpdir(), "runs-"));
}

/**
 * Writes evaluations of 20 episodes with the given rewards, tests of abilities with the given scores (and losses of 1
 * less the score), and banks whose instances have difficulties 0, .1, .2, …
 */
export function fake(
  runs: readonly RunSpec[],
  reward: (spec: EvaluateSpec, instance: number) => number,
  ability: (spec: AbilitySpec, question: number) => number = () => 0,
) {
  for (const spec of runs) {
    fake(dependencies(spec), reward, ability);
    mkdirSync(runFolder(spec), { recursive: true });
    if (spec.kind === "annotate")
      writeJsonl(join(runFolder(spec), "trajectories.jsonl"), fakeBank(spec.instances.task));
    if (spec.kind === "evaluate") {
      const episodes = Array.from({ length: 20 }, (_, i) => ({ reward: reward(spec, i) }));
      writeJsonl(join(runFolder(spec), "episodes.jsonl"), episodes);
    }
    if (spec.kind === "ability") {
      const scores = Array.from({ length: 20 }, (_, i) => ability(spec, i));
      const rows = scores.map((score, i) => ({ id: `q${i}`, group: "g", score, loss: 1 - score }));
      writeJsonl(join(runFolder(spec), "scores.jsonl"), rows);
    }
  }
}

const fakeBank = (task: string): Trajectory[] =>
  Array.from({ length: 11 }, (_, i) => ({
    version: SCHEMA_VERSION,
    id: `${task}-${i}`,
    task,
    skill: getTask(task).skill,
    instance: `${task}-${i}`,
    difficulty: i / 10,
    turns: [
      { role: "user", content: "u", loss: false },
      { role: "assistant", content: "Action: a", thought: "", action: "a", loss: true },
    ],
    reward: 1,
    provenance: { strategy: "explore", teacher: "t", simulated: true, source: "generated" },
  }));

export const isTuned = (spec: EvaluateSpec) => spec.model.kind === "train";
/** The task that an evaluation plays by source; empty for instances behind trajectories. */
export const taskOf = (spec: EvaluateSpec) => ("from" in spec.instances ? "" : spec.instances.task);
export const shown = (verdicts: readonly Verdict[]) => verdicts.map((v) => v.outcome);
