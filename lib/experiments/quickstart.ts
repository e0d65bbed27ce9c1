/** The entire pipeline on one page: instances → trajectories → a tuned model → episodes → a figure. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { annotate } from "../annotate/annotate";
import { rewardAbove } from "../annotate/plan";
import { simulatedTeacher } from "../annotate/teacher";
import { evaluate } from "../evaluation/runner";
import { localModel } from "../llm/local";
import { bars } from "../report/figures/bars";
import { runsFolder } from "../runs/store";
import { getTask } from "../tasks/registry";
import { trainingProgress } from "../training/progress";
import { train } from "../training/train";
import { readTrajectories } from "../trajectory/files";
import { ROOT } from "../util/files";
import { hashOf, sha256 } from "../util/hash";
import { counted } from "../util/progress";

/** Tunes the base model on `count` generated instances of a task and scores it before and after on `tests` others. */
export async function quickstart({ task: name = "gsm8k", count = 200, tests = 50, steps = 60 } = {}) {
  const base = join(ROOT, "data", "base");
  const weights = sha256(readFileSync(join(base, "model.safetensors")));
  const out = join(runsFolder(), `quickstart-${hashOf({ name, count, tests, steps, weights })}`);
  const task = getTask(name);

  // 1. Instances, and a teacher for them: here the simulated one; openaiModel({ model }) is a real one.
  const instances = task.generate({ split: "train", count, seed: 0 });
  const teacher = simulatedTeacher(instances.map((instance) => ({ task, instance })));

  // 2. Annotate: thoughts and actions, replayed through the real environment.
  const how = { strategies: task.annotation, rewardAbove: rewardAbove(task), attempts: 1, seed: 0 };
  const asked = { task, instances, teacher, ...how, teacherShots: 1, shots: 0, out } as const;
  const bank = await annotate({ ...asked, onOutcome: counted("annotate") });
  const { trajectories } = await readTrajectories(join(out, "trajectories.jsonl"));

  // 3. Train on the agent's turns alone (Eq. 1).
  const tuned = join(out, "model");
  const settings = { budget: { steps }, batch: { tokens: 2048 }, learningRate: 4e-3, tied: true };
  const { onStep } = trainingProgress("train");
  await train({ model: base, data: { agent: trajectories }, out: tuned, ...settings, onStep });

  // 4. Evaluate: both models play the same instances.
  const test = task.generate({ split: "test", count: tests, seed: 0 });
  const play = async (checkpoint: string, log: string) => {
    const model = await localModel(checkpoint, { maxTokens: 64 });
    const episodes = { task, instances: test, model, shots: 0, out: join(out, log) } as const;
    const { summary } = await evaluate({ ...episodes, onProgress: counted(`play ${log}`) });
    await model.close?.();
    return summary.score;
  };
  const scores = { base: await play(base, "before"), tuned: await play(tuned, "after") };

  // 5. Draw.
  const labels = { title: `${task.title}, before and after`, label: task.metric, unit: "%" };
  const note = "generated instances · simulated teacher · 95 % bootstrap intervals";
  const series = [{ name: "score", values: Object.values(scores) }];
  const figure = bars({ ...labels, note, categories: Object.keys(scores), series });
  return { bank, trajectories, scores, figure };
}
