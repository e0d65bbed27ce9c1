/** Carries out one run in this process, or goes on with what a killed one left. What it depends on must be done. */
import { annotate } from "../annotate/annotate";
import { simulatedTeacher } from "../annotate/teacher";
import { evaluate } from "../evaluation/runner";
import { cached } from "../llm/cached";
import type { LanguageModel } from "../llm/client";
import { localModel } from "../llm/local";
import { OPENAI_URL, openaiModel } from "../llm/openai";
import { loadBackend } from "../model/backend";
import { loadConfig, saveModel } from "../model/checkpoint";
import { createLlama, disposeModel } from "../model/llama";
import { loadTokenizer } from "../model/tokenizer";
import { selectInstances } from "../tasks/instances";
import { getTask } from "../tasks/registry";
import type { Instance } from "../tasks/task";
import { train } from "../training/train";
import { cacheFolder } from "../util/files";
import { createRng } from "../util/random";
import { checkpointFolder, instancesBehind, readInstructions, readSlice } from "./read";
import {
  type AnnotateSpec,
  type EvaluateSpec,
  nameOf,
  type RunSpec,
  type ScratchSpec,
  type TeacherSpec,
  type TrainSpec,
} from "./spec";
import { beginRun, finishRun, holdRun, isBegun, isDone } from "./store";

export type Report = (note: string) => void;

/** Computes the run unless it is done. `report` gets a few words on how far it is. */
export async function execute(spec: RunSpec, report: Report = () => {}): Promise<void> {
  await holdRun(spec, async () => {
    if (isDone(spec)) return;
    const start = performance.now();
    const resumed = isBegun(spec);
    const folder = beginRun(spec);
    if (spec.kind === "annotate") await runAnnotate(spec, folder, report);
    else if (spec.kind === "scratch") await runScratch(spec, folder);
    else if (spec.kind === "train") await runTrain(spec, folder, report);
    else await runEvaluate(spec, folder, report);
    finishRun(spec, { seconds: Math.round(performance.now() - start) / 1000, resumed });
  });
}

async function runAnnotate(spec: AnnotateSpec, out: string, report: Report): Promise<void> {
  const { kind: _, instances: source, teacher, ...options } = spec;
  const task = getTask(source.task);
  const instances = await selectInstances(source);
  const model = openTeacher(teacher, source.task, instances);
  const onOutcome = (done: number, total: number) => report(`${source.task} ${done}/${total}`);
  await annotate({ ...options, task, instances, teacher: model, out, onOutcome });
}

function openTeacher(spec: TeacherSpec, task: string, instances: readonly Instance[]): LanguageModel {
  if (spec.kind === "openai") {
    // Not the environment's: a run is a function of its spec, or a mock's answers would pass for a real model's.
    const { model, baseURL = OPENAI_URL } = spec;
    return cached(openaiModel({ model, baseURL }), cacheFolder("completions"));
  }
  const { kind: _, ...competence } = spec;
  return simulatedTeacher(
    instances.map((instance) => ({ task: getTask(task), instance })),
    competence,
  );
}

async function runScratch({ like, seed }: ScratchSpec, out: string): Promise<void> {
  await loadBackend();
  const folder = checkpointFolder(like);
  const model = createLlama(loadConfig(folder), createRng(`${seed}/weights`));
  saveModel(out, model, loadTokenizer(folder));
  disposeModel(model);
}

async function runTrain(spec: TrainSpec, out: string, report: Report): Promise<void> {
  const agent = (await Promise.all(spec.agent.map(readSlice))).flat();
  const [general, code] = await Promise.all([readInstructions(spec.general), readInstructions(spec.code)]);
  await train({
    ...spec.settings,
    model: checkpointFolder(spec.base),
    data: { agent, general, code },
    out,
    launch: spec.launch,
    onStep: ({ step, steps, loss }) => report(`step ${step}/${steps} loss ${loss.toFixed(3)}`),
  });
}

async function runEvaluate(spec: EvaluateSpec, out: string, report: Report): Promise<void> {
  const { task, instances } = await instancesBehind(spec.instances);
  const model = await localModel(checkpointFolder(spec.model), { name: nameOf(spec.model) });
  try {
    const onProgress = (done: number, total: number) => report(`${task.name} ${done}/${total}`);
    await evaluate({ task, instances, model, shots: spec.shots, maxTokens: spec.maxTokens, out, onProgress });
  } finally {
    await model.close?.();
  }
}
