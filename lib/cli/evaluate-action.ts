import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { simulatedTeacher } from "../annotate/teacher";
import { aggregate, type TaskRewards } from "../evaluation/aggregate";
import type { Interval } from "../evaluation/bootstrap";
import { type EvaluationSummary, evaluate } from "../evaluation/runner";
import type { Preset } from "../experiments/preset";
import type { LanguageModel } from "../llm/client";
import { openaiModel } from "../llm/openai";
import { playOf } from "../mechanisms/mechanism";
import { baseFolder } from "../model/adapter";
import { agentGymInstances, agentGymTask } from "../tasks/agent-gym";
import { selectInstances } from "../tasks/instances";
import { getTask, tasks as registry } from "../tasks/registry";
import type { Instance, Task } from "../tasks/task";
import { checkAll, InputError } from "../util/errors";
import { ROOT } from "../util/files";
import { startProgress } from "../util/progress";
import { claim } from "./claim";
import type { EvaluateCommandOptions } from "./evaluate";
import { checkMechanism, mechanismConfig, mechanismOf } from "./mechanism";

const INSTANCES = 100;
const MAX_TOKENS = 256;

/** What `agentbank evaluate` does. Apart from the command, so that `--help` loads none of it. */
export async function runEvaluate(options: EvaluateCommandOptions): Promise<void> {
  const preset = options.preset
    ? (await import("../experiments/preset.js")).loadPreset(options.preset)
    : null;
  const kind = modelKind(options.model);
  const names = options.tasks ?? preset?.data.tasks ?? registry.map((t) => t.name);
  checkAll(
    () => checkAgentGym(options),
    ...names.map((name) => () => getTask(name)),
    () => kind === "checkpoint" && requireModel(options.model),
    () =>
      checkMechanism(
        options,
        options.model,
        options.agentGym === undefined ? registry.filter((t) => names.includes(t.name)) : [],
      ),
    () =>
      options.actor !== undefined && modelKind(options.actor) === "checkpoint" && requireModel(options.actor),
  );
  const lessons =
    options.agentGym === undefined ? await taskLessons(names, options, preset) : agentGymLessons(options);

  const model = await openModel(kind, options, lessons);
  const mechanism = mechanismConfig(options);
  const actor =
    options.actor === undefined
      ? undefined
      : await openModel(modelKind(options.actor), { ...options, model: options.actor }, lessons);
  const play = mechanism ? playOf(mechanismOf(mechanism, actor)) : undefined;
  const settings = {
    // A server gives no solved example to show.
    shots: options.agentGym === undefined ? (Number(options.shots ?? preset?.shots ?? 1) as 0 | 1) : 0,
    maxTokens: options.maxTokens ?? preset?.maxTokens ?? MAX_TOKENS,
  };
  const out = options.out ?? join(ROOT, "data", "evaluated", folderName(options));
  const results: { rewards: TaskRewards; summary: EvaluationSummary }[] = [];
  try {
    for (const { task, instances, source } of lessons) {
      const folder = join(out, task.name);
      const config = { model: model.name, task: task.name, ...source, ...settings };
      claim(folder, mechanism ? { ...config, mechanism } : config);
      const progress = startProgress(`evaluate ${task.name}`, instances.length);
      const onProgress = () => progress.tick();
      const { concurrency } = options;
      const run = { task, instances, model, play, ...settings, concurrency, out: folder, onProgress };
      const { episodes, summary } = await evaluate(run).finally(progress.stop);
      results.push({ rewards: { task, rewards: episodes.map((e) => e.reward) }, summary });
    }
  } finally {
    await model.close?.();
    await actor?.close?.();
  }
  print(results, out, options.json);
  if ((mechanism?.kind === "reflexion" || mechanism?.kind === "retry") && !options.json)
    console.log(`up to ${mechanism.trials} trials; success was read off the reward, an oracle`);
}

interface Lesson {
  task: Task;
  instances: Instance[];
  /** What the instances were chosen by. */
  source: object;
}

/** The instances of the kit's tasks. */
async function taskLessons(names: readonly string[], options: EvaluateCommandOptions, preset: Preset | null) {
  const { testCount } = await import("../experiments/recipes.js");
  const lessons: Lesson[] = [];
  for (const name of names) {
    const source = {
      split: options.split,
      count: options.instances ?? (preset ? testCount(preset, name) : INSTANCES),
      seed: options.seed ?? preset?.data.seed ?? 0,
      folder: options.data ?? preset?.data.folder,
    };
    const instances = await selectInstances({ task: name, ...source });
    if (instances.length === 0) throw new InputError(`no ${source.split} instance of ${name}`);
    lessons.push({ task: getTask(name), instances, source });
  }
  return lessons;
}

/** Refuses flags of which only some make sense together. */
function checkAgentGym({ agentGym, kind, ids, model, shots, tasks, data }: EvaluateCommandOptions): void {
  const faults: string[] = [];
  if (agentGym === undefined) {
    if (kind !== undefined || ids !== undefined) faults.push("--kind and --ids go with --agent-gym URL");
  } else {
    if (kind === undefined) faults.push("--agent-gym needs --kind, the name of the environment");
    if (ids === undefined) faults.push("--agent-gym needs --ids, the numbers of the instances");
    if (model === "simulated") faults.push("the simulated teacher knows no solutions of an AgentGym server");
    if (shots === "1") faults.push("an AgentGym server gives no example: --shots 0");
    if (tasks ?? data) faults.push("--agent-gym takes the place of --tasks and --data");
  }
  if (faults.length > 0) throw new InputError(faults);
}

/** The instances of an AgentGym server; `checkAgentGym` has seen to it that they are named. */
function agentGymLessons({ agentGym, kind, ids }: EvaluateCommandOptions): Lesson[] {
  const task = agentGymTask(agentGym!, kind!);
  const source = { agentGym, kind, ids };
  return [{ task: task as Task, instances: agentGymInstances(kind!, ids!), source }];
}

type ModelKind = "simulated" | "endpoint" | "checkpoint";

/** What `--model` means. */
function modelKind(model: string): ModelKind {
  if (model === "simulated") return "simulated";
  return /^https?:\/\//.test(model) ? "endpoint" : "checkpoint";
}

function requireModel(folder: string): void {
  if (!existsSync(join(baseFolder(folder), "config.json")))
    throw new InputError(
      `no model "${folder}": give a checkpoint folder (with config.json, or adapter_config.json), the URL of an endpoint, or "simulated"`,
    );
}

async function openModel(
  kind: ModelKind,
  { model, name }: EvaluateCommandOptions,
  lessons: readonly Lesson[],
): Promise<LanguageModel> {
  if (kind === "endpoint") return openaiModel({ model: name, baseURL: model });
  if (kind === "simulated")
    return simulatedTeacher(
      lessons.flatMap(({ task, instances }) => instances.map((instance) => ({ task, instance }))),
    );
  const { localModel } = await import("../llm/local.js");
  return localModel(resolve(model));
}

function folderName({ model, name }: EvaluateCommandOptions): string {
  const text = modelKind(model) === "endpoint" ? `${name}@${new URL(model).host}` : basename(resolve(model));
  return text.replace(/[^\w.@-]/g, "_");
}

function print(
  results: readonly { rewards: TaskRewards; summary: EvaluationSummary }[],
  out: string,
  json: boolean,
): void {
  const rewards = results.map((r) => r.rewards);
  const halves = { heldIn: aggregate(rewards, "in"), heldOut: aggregate(rewards, "out") };
  if (json) {
    console.log(JSON.stringify({ tasks: results.map((r) => r.summary), ...halves, out }, null, 2));
    return;
  }
  const show = ({ mean, low, high }: Interval) =>
    `${mean.toFixed(1).padStart(5)}  [${low.toFixed(1)}, ${high.toFixed(1)}]`;
  for (const { summary } of results) {
    const endings = Object.entries(summary.endings).filter(([, n]) => n > 0);
    const ended = endings.map(([ending, n]) => `${n} ${ending}`).join(", ");
    console.log(
      `${summary.task.padEnd(14)} ${show(summary.score).padEnd(22)} ${summary.metric}; ${ended}; ` +
        `${summary.meanSteps.toFixed(1)} steps`,
    );
  }
  for (const [name, half] of Object.entries({ "held-in": halves.heldIn, "held-out": halves.heldOut })) {
    if (!half) continue;
    for (const [skill, interval] of Object.entries(half.skills))
      console.log(`${`${name} ${skill}`.padEnd(20)} ${show(interval)}`);
    console.log(`${`${name} average`.padEnd(20)} ${show(half.average)}`);
  }
  if (results.some((r) => r.summary.simulated)) console.log("played by the simulated teacher");
  console.log(out);
}
