/** Fine-tuning: trajectories and a base in, a checkpoint folder out. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadBackend } from "../model/backend";
import { loadConfig, loadModel } from "../model/checkpoint";
import { disposeModel } from "../model/llama";
import { loadTokenizer } from "../model/tokenizer";
import { weightsHash } from "../model/weights-hash";
import { dataPath } from "../sources/resolve";
import { readTrajectories } from "../trajectory/files";
import type { Trajectory } from "../trajectory/schema";
import { check } from "../util/check";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";
import { hashOf } from "../util/hash";
import { createRng } from "../util/random";
import { removeCheckpoints } from "./checkpoints";
import { createEngine } from "./engines/choose";
import { trainWithTorch } from "./engines/torch";
import { bestOf, type Evaluation, type HeldOut } from "./held-out";
import { runLoop, type StepMetrics } from "./loop";
import { rowsHash, type TokenRow, tokenRows } from "./mask";
import { chooseWidths, microBatches } from "./micro-batches";
import { planSteps } from "./mixture";
import { learningRateAt } from "./schedule";
import { type TrainSettingsInput, trainSettingsSchema } from "./settings";

export { type TrainSettings, type TrainSettingsInput, trainSettingsSchema } from "./settings";

/** Trajectories, or a file of them in any format. */
type Rows = readonly Trajectory[] | string;

export interface TrainOptions extends TrainSettingsInput {
  /** Folder of the model to start from; it stays as it is. */
  model: string;
  data: { agent: Rows; general?: Rows | null; code?: Rows | null };
  /** Folder of the result: a checkpoint, train.json, metrics.jsonl, evaluations.jsonl, timing.jsonl and tensorboard/. */
  out: string;
  /** Default: the backend's own. */
  threads?: number;
  /** Of the torch engine: where it runs, `4xA100`, `2x8`, `2xCPU` (torch/launch.ts). Default: 1xGPU. */
  launch?: string;
  /** Steps between checkpoints, from which a killed run goes on. Default 100. */
  checkpointEvery?: number;
  /** How many of the last checkpoints stay while it trains. Default 1. */
  keepCheckpoints?: number;
  onStep?(metrics: StepMetrics & { steps: number }): void;
  onEvaluation?(evaluation: Evaluation): void;
}

export interface TrainSummary {
  /** Steps that were done: fewer than planned where patience ended. */
  steps: number;
  /** Mean over the last tenth of the steps. */
  finalLoss: number;
  /** Tokens read, and those of them trained. */
  tokens: number;
  trained: number;
  /** Rows of each source, and how many were cut to fit. */
  rows: Record<string, { rows: number; cut: number; tokens: number }>;
  /** The evaluation of the lowest loss; with patience, that of the model as it is saved. Null where nothing is held out. */
  best: Evaluation | null;
}

/**
 * Trains a model on agent trajectories mixed with general and code conversations. The loss of a step is the mean over
 * its trained tokens (Eq. 1), whatever rows they lie in. Run again after a kill, it goes on from its last checkpoint
 * and ends with the same weights and metrics to the bit, on the same backend; a finished one is not trained again.
 *
 * @throws InputError with every faulty setting, or every row that cannot be trained on.
 *
 * @example await train({ model: "data/base", data: { agent: "bank.jsonl" }, budget: { steps: 300 }, out: "data/models/x" })
 */
export async function train(options: TrainOptions): Promise<TrainSummary> {
  const run = await prepareRun(options);
  const { out, settings, backend, identity, sources } = run;
  const finished = readFinished(out, identity);
  if (finished) return finished;
  const { metrics, evaluations, engine } =
    settings.engine === "torch" ? await runTorch(run) : await runHere(run);
  const tail = metrics.slice(-Math.ceil(metrics.length / 10));
  const summary: TrainSummary = {
    steps: metrics.length,
    finalLoss: tail.reduce((sum, m) => sum + m.loss, 0) / tail.length,
    tokens: metrics.reduce((sum, m) => sum + m.tokens, 0),
    trained: metrics.reduce((sum, m) => sum + m.trained, 0),
    rows: Object.fromEntries(names.map((name, i) => [name, count(sources[i]!)])),
    best: bestOf(evaluations),
  };
  writeAtomic(
    join(out, "train.json"),
    `${JSON.stringify({ ...summary, backend, engine, settings, identity }, null, 2)}\n`,
  );
  removeCheckpoints(out);
  return summary;
}

const names = ["agent", "general", "code"] as const;

/** What a run is of, whichever engine computes it: rows, their masks, which of them each step takes. */
export async function prepareRun(options: TrainOptions) {
  const { model: folder, data, out, threads, launch, checkpointEvery = 100, ...rest } = options;
  const { keepCheckpoints, onStep, onEvaluation, ...given } = rest;
  const settings = check(trainSettingsSchema, given);
  if (settings.lora && settings.tied)
    throw new InputError("lora, tied: adapters leave the matrices as they are; take one of the two");
  const tokenizer = loadTokenizer(folder);
  const longest = Math.min(settings.sequenceLength, loadConfig(folder).max_position_embeddings);
  const trajectories = await Promise.all(names.map((name) => read(data[name] ?? [])));
  const all = trajectories.map((t) => tokenRows(t, tokenizer, longest, settings.labels));
  const share = settings.evaluation?.heldOut ?? 0;
  const parts = all.map((rows, i) => holdOut(rows, share, `${settings.seed}/held-out/${names[i]}`));
  const sources = parts.map((part) => part.trained);
  const plan = planSteps(
    sources.map((rows, i) => ({ lengths: rows.map((r) => r.ids.length), ratio: settings.ratio[names[i]!] })),
    settings.batch,
    settings.budget,
    settings.seed,
  );
  const backend = settings.engine === "torch" ? "torch" : await loadBackend({ threads });
  const base = weightsHash(folder);
  const identity = hashOf({ settings, base, rows: all.map(rowsHash), backend });
  const told = onStep && ((m: StepMetrics) => onStep({ ...m, steps: plan.length }));
  return {
    model: folder,
    out,
    settings,
    tokenizer,
    sources,
    heldOut: Object.fromEntries(parts.map((part, i) => [names[i]!, part.heldOut])),
    plan,
    backend,
    identity,
    threads,
    launch,
    checkpointEvery,
    keepCheckpoints,
    onStep: told,
    onEvaluation,
  };
}

type Run = Awaited<ReturnType<typeof prepareRun>>;
type Trained = { metrics: StepMetrics[]; evaluations: Evaluation[]; engine: string };

const runTorch = async (run: Run): Promise<Trained> => ({ ...(await trainWithTorch(run)), engine: "torch" });

/** Trains in this process, step by step. */
async function runHere(run: Run): Promise<Trained> {
  const { model: folder, settings, tokenizer, sources, plan } = run;
  const model = loadModel(folder);
  const steps = plan.length;
  const rowsOf = (step: number) => plan[step]!.map(([s, row]) => sources[s]![row]!);
  const lengths = (rows: readonly TokenRow[]) => rows.map(({ ids }) => ids.length);
  const widths = chooseWidths(
    [...plan.map((_, step) => lengths(rowsOf(step))), ...Object.values(run.heldOut).map(lengths)],
    settings.microTokens,
  );
  const packed = (rows: readonly TokenRow[]) => microBatches(rows, settings.microTokens, widths);
  const batches = (step: number) => packed(rowsOf(step));
  const heldOut: HeldOut | null = settings.evaluation && {
    ...settings.evaluation,
    sources: Object.fromEntries(Object.entries(run.heldOut).map(([name, rows]) => [name, packed(rows)])),
  };
  const kind = settings.engine === "torch" ? "auto" : settings.engine;
  const lora = settings.lora && { ...settings.lora, base: folder };
  const { engine, name } = await createEngine(
    model,
    tokenizer,
    { ...settings, engine: kind, lora },
    { steps, of: batches, heldOut: Object.values(heldOut?.sources ?? {}).flat() },
  );
  try {
    const trained = await runLoop({
      ...run,
      engine,
      steps,
      heldOut,
      spikes: settings.spikes,
      batches,
      learningRate: (step) =>
        learningRateAt(step, {
          shape: settings.schedule,
          peak: settings.learningRate,
          warmup: settings.warmup,
          steps,
        }),
    });
    engine.saveModel(run.out);
    return { ...trained, engine: name };
  } finally {
    engine.dispose();
    disposeModel(model);
  }
}

/** The summary of the same training, where it is in the folder already. */
export function readFinished<Summary = TrainSummary>(out: string, identity: string): Summary | null {
  const path = join(out, "train.json");
  if (!existsSync(path)) return null;
  const { backend, engine, settings, identity: known, ...summary } = JSON.parse(readFileSync(path, "utf8"));
  return known === identity ? summary : null;
}

async function read(rows: Rows): Promise<readonly Trajectory[]> {
  if (typeof rows !== "string") return rows;
  const { trajectories, faults } = await readTrajectories(dataPath(rows));
  if (faults.length > 0) throw new InputError(faults);
  return trajectories;
}

/** A share of the rows, drawn by seed, apart from the others: at least one of two or more, unless the share is 0. */
function holdOut(rows: readonly TokenRow[], share: number, seed: string) {
  const count = share > 0 && rows.length > 1 ? Math.max(1, Math.round(share * rows.length)) : 0;
  const held = new Set(createRng(seed).sample([...rows.keys()], count));
  return {
    heldOut: rows.filter((_, i) => held.has(i)),
    trained: rows.filter((_, i) => !held.has(i)),
  };
}

const count = (rows: readonly TokenRow[]) => ({
  rows: rows.length,
  cut: rows.filter((r) => r.cut > 0).length,
  tokens: rows.reduce((sum, r) => sum + r.ids.length, 0),
});
