/** Carries out one run in this process, or goes on with what a killed one left. What it depends on must be done. */
import { join } from "node:path";
import { annotate } from "../annotate/annotate";
import { simulatedTeacher } from "../annotate/teacher";
import { judgePair, simulatedJudge } from "../evaluation/judge";
import { evaluate } from "../evaluation/runner";
import { cached } from "../llm/cached";
import type { LanguageModel } from "../llm/client";
import { OPENAI_URL, openaiModel } from "../llm/openai";
import { playOf } from "../mechanisms/mechanism";
import { pairsOf } from "../mechanisms/pairs";
import { loadBackend } from "../model/backend";
import { loadConfig, saveModel } from "../model/checkpoint";
import { createLlama, disposeModel } from "../model/llama";
import { loadTokenizer } from "../model/tokenizer";
import { selectInstances } from "../tasks/instances";
import { getTask } from "../tasks/registry";
import type { Instance } from "../tasks/task";
import { prefer } from "../training/prefer";
import { train } from "../training/train";
import { writePairs } from "../trajectory/pairs";
import { mapConcurrent } from "../util/concurrent";
import { cacheFolder } from "../util/files";
import { writeJsonl } from "../util/jsonl";
import { createRng } from "../util/random";
import { runAbility } from "./ability";
import { agentRows } from "./agent-rows";
import { withCore } from "./cores";
import { closePlayers, withPlayers } from "./players";
import {
  checkpointFolder,
  instancesBehind,
  readExplored,
  readInstructions,
  readMatched,
  readSlice,
} from "./read";
import type {
  AnnotateSpec,
  EvaluateSpec,
  ExploreSpec,
  JudgeSpec,
  PreferSpec,
  RunSpec,
  ScratchSpec,
  TeacherSpec,
  TrainSpec,
} from "./spec";
import { beginRun, finishRun, holdRun, isBegun, isDone } from "./store";

export type Report = (note: string) => void;

/** Computes the run unless it is done. `report` gets a few words on how far it is. */
export async function execute(spec: RunSpec, report: Report = () => {}): Promise<void> {
  await holdRun(spec, async () => {
    if (isDone(spec)) return;
    report("waits for a core");
    await withCore(() => carryOut(spec, report));
  });
}

async function carryOut(spec: RunSpec, report: Report): Promise<void> {
  const start = performance.now();
  const resumed = isBegun(spec);
  const folder = beginRun(spec);
  if (spec.kind !== "evaluate" && spec.kind !== "explore") await closePlayers();
  if (spec.kind === "annotate") await runAnnotate(spec, folder, report);
  else if (spec.kind === "scratch") await runScratch(spec, folder);
  else if (spec.kind === "train") await runTrain(spec, folder, report);
  else if (spec.kind === "ability") await runAbility(spec, folder, report);
  else if (spec.kind === "explore") await runExplore(spec, folder, report);
  else if (spec.kind === "prefer") await runPrefer(spec, folder, report);
  else if (spec.kind === "judge") await runJudge(spec, folder, report);
  else await runEvaluate(spec, folder, report);
  finishRun(spec, { seconds: Math.round(performance.now() - start) / 1000, resumed });
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
  if (spec.kind === "openai") return openApi(spec);
  const { kind: _, ...competence } = spec;
  return simulatedTeacher(
    instances.map((instance) => ({ task: getTask(task), instance })),
    competence,
  );
}

/** Not at the environment's address: a run is a function of its spec, or a mock's answers would pass for a real model's. */
function openApi({ model, baseURL = OPENAI_URL }: Extract<TeacherSpec, { kind: "openai" }>): LanguageModel {
  return cached(openaiModel({ model, baseURL }), cacheFolder("completions"));
}

async function runScratch({ like, seed }: ScratchSpec, out: string): Promise<void> {
  await loadBackend();
  const folder = checkpointFolder(like);
  const model = createLlama(loadConfig(folder), createRng(`${seed}/weights`));
  saveModel(out, model, loadTokenizer(folder));
  disposeModel(model);
}

async function runTrain(spec: TrainSpec, out: string, report: Report): Promise<void> {
  const agent = await agentRows(spec, out);
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

async function runExplore(spec: ExploreSpec, out: string, report: Report): Promise<void> {
  const { bank, temperature, seed, shots, maxTokens } = spec;
  const { task, instances } = await instancesBehind(bank);
  await withPlayers([spec.model], spec.server, async ([model]) => {
    const onProgress = (done: number, total: number) => report(`${task.name} ${done}/${total}`);
    const options = { task, instances, model: model!, shots, maxTokens, temperature, seed, out, onProgress };
    const { episodes } = await evaluate(options);
    writePairs(join(out, "pairs.jsonl"), pairsOf(await readSlice(bank), episodes, model!.name));
  });
}

async function runPrefer(spec: PreferSpec, out: string, report: Report): Promise<void> {
  await prefer({
    ...spec.settings,
    model: checkpointFolder(spec.base),
    pairs: await readExplored(spec.pairs),
    out,
    onStep: ({ step, steps, loss }) => report(`step ${step}/${steps} loss ${loss.toFixed(3)}`),
  });
}

async function runEvaluate(spec: EvaluateSpec, out: string, report: Report): Promise<void> {
  const { shots, maxTokens, mechanism, thoughts } = spec;
  const { task, instances } = await instancesBehind(spec.instances);
  const acting = mechanism?.kind === "planner" ? mechanism.actor : undefined;
  const specs = acting ? [spec.model, acting] : [spec.model];
  await withPlayers(specs, spec.server, async ([model, actor]) => {
    const play = mechanism && playOf(mechanism.kind === "planner" ? { kind: "planner", actor } : mechanism);
    const onProgress = (done: number, total: number) => report(`${task.name} ${done}/${total}`);
    await evaluate({ task, instances, model: model!, play, shots, thoughts, maxTokens, out, onProgress });
  });
}

/** Requests to a judge at once. */
const JUDGED_AT_ONCE = 8;

async function runJudge(spec: JudgeSpec, out: string, report: Report): Promise<void> {
  const pairs = (await readMatched(spec.pairs)).filter(({ identical }) => !identical);
  const judge = spec.judge.kind === "openai" ? openApi(spec.judge) : simulatedJudge(pairs);
  let done = 0;
  const judgements = await mapConcurrent(pairs, JUDGED_AT_ONCE, async (pair) => {
    const judgement = await judgePair(pair, judge);
    report(`pair ${++done}/${pairs.length}`);
    return judgement;
  });
  writeJsonl(join(out, "judgements.jsonl"), judgements);
}
