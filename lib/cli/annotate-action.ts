import { join } from "node:path";
import { annotate, annotationStrategies } from "../annotate/annotate";
import { rewardAbove } from "../annotate/plan";
import { simulatedTeacher } from "../annotate/teacher";
import { cached } from "../llm/cached";
import { openaiModel } from "../llm/openai";
import { selectInstances } from "../tasks/instances";
import { getTask } from "../tasks/registry";
import { checkAll, InputError } from "../util/errors";
import { cacheFolder, ROOT } from "../util/files";
import { readJsonl } from "../util/jsonl";
import { startProgress } from "../util/progress";
import type { AnnotateCommandOptions } from "./annotate";
import { claim } from "./claim";

const GENERATED_COUNT = 200;

/** What `agentbank annotate` does. Apart from the command, so that `--help` loads none of it. */
export async function runAnnotate(name: string, options: AnnotateCommandOptions): Promise<void> {
  const openTeacher = () => openaiModel({ model: options.teacher, baseURL: options.baseUrl });
  checkAll(
    () => getTask(name),
    () => options.strategy && annotationStrategies(options.strategy),
    () => options.teacher !== "simulated" && openTeacher(),
  );
  const task = getTask(name);
  const strategies = annotationStrategies(options.strategy ?? task.annotation);
  const { split, seed, data, concurrency, json, ...rest } = options;
  const count = options.count ?? (data === undefined ? GENERATED_COUNT : Number.POSITIVE_INFINITY);
  const instances = await selectInstances({ task: name, split, seed, count, folder: data });
  if (instances.length === 0)
    throw new InputError(`no ${split} instance of ${name} in ${data ?? "the generator"}`);

  const teacher =
    options.teacher === "simulated"
      ? simulatedTeacher(instances.map((instance) => ({ task, instance })))
      : cached(openTeacher(), cacheFolder("completions"));
  const out = options.out ?? join(ROOT, "data", "annotated", name);
  claim(out, { task: name, split, seed, data, count: options.count, ...rest, out: undefined });

  const progress = startProgress(`annotate ${name}`, instances.length);
  const summary = await annotate({
    task,
    instances,
    teacher,
    strategies,
    teacherShots: 1,
    shots: Number(options.shots) as 0 | 1,
    attempts: options.attempts,
    rewardAbove: options.rewardAbove ?? rewardAbove(task),
    seed,
    out,
    concurrency,
    onOutcome: () => progress.tick(),
  }).finally(progress.stop);

  const failures: { instance: string; reason: string }[] = [];
  for await (const row of readJsonl(join(out, "failures.jsonl")))
    if (row.reason === undefined) failures.push(row.value as (typeof failures)[number]);
  if (json) {
    const listed = failures.map(({ instance, reason }) => ({ instance, reason }));
    console.log(JSON.stringify({ ...summary, out, failed: listed }, null, 2));
    return;
  }
  for (const { instance, reason } of failures) console.log(`no trajectory for ${instance}: ${reason}`);
  const note = summary.simulated ? " (thoughts and actions by the simulated teacher)" : "";
  console.log(
    `${summary.trajectories} of ${summary.instances} instances annotated${note}, ${summary.failures} without a ` +
      `trajectory; ${summary.usage.calls} calls\n${join(out, "trajectories.jsonl")}`,
  );
}
