/** Runs in a store of the test's own, whatever state they are in. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { AnnotateSpec, BaseSpec, EvaluateSpec, RunSpec, TrainSpec } from "../../lib/runs/spec";
import { beginRun, finishRun } from "../../lib/runs/store";
import { trainSettingsSchema } from "../../lib/training/settings";

export function ownStore(): string {
  const store = mkdtempSync(join(tmpdir(), "runs-"));
  process.env["AGENTBANK_RUNS"] = store;
  return store;
}

export const annotation = (task: string, overrides: Partial<AnnotateSpec> = {}): AnnotateSpec => ({
  kind: "annotate",
  instances: { task, split: "train", count: 10, seed: 0 },
  strategies: ["reformat"],
  rewardAbove: 0.999,
  attempts: 1,
  teacher: { kind: "simulated" },
  teacherShots: 1,
  shots: 0,
  seed: 0,
  ...overrides,
});

export const base: BaseSpec = { kind: "base", name: "base", folder: "data/base", sha256: "0" };

export const training = (tasks: readonly string[], settings: object = {}): TrainSpec => ({
  kind: "train",
  base,
  agent: tasks.map((task) => ({ from: annotation(task), start: 0, count: null })),
  general: null,
  code: null,
  settings: trainSettingsSchema.parse({ budget: { steps: 4 }, learningRate: 0.004, ...settings }),
});

export const evaluation = (model: BaseSpec | TrainSpec, task: string): EvaluateSpec => ({
  kind: "evaluate",
  model,
  instances: { task, split: "test", count: 4, seed: 0 },
  shots: 0,
  maxTokens: 8,
});

/** Puts a run into the store: done, failed with an error, begun, or held by this process. Gives its folder. */
export function put(
  spec: RunSpec,
  state: "done" | "failed" | "begun" | "held" = "done",
  files: Record<string, string> = {},
): string {
  const folder = beginRun(spec);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  if (state === "done") finishRun(spec, { seconds: 2, resumed: false });
  if (state === "failed") writeFileSync(join(folder, "error.txt"), "Error: no luck\n    at somewhere\n");
  if (state === "held") writeFileSync(join(folder, "lock"), `${process.pid} ${hostname()}`);
  return folder;
}
