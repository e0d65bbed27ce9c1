/** Preference training: pairs of trajectories and a model in, a checkpoint folder out. */
import { join } from "node:path";
import type { z } from "zod";
import { loadBackend } from "../model/backend";
import { loadConfig, loadModel } from "../model/checkpoint";
import { disposeModel, type Llama } from "../model/llama";
import { loadTokenizer } from "../model/tokenizer";
import { weightsHash } from "../model/weights-hash";
import { dataPath } from "../sources/resolve";
import { type Pair, readPairs } from "../trajectory/pairs";
import { check } from "../util/check";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";
import { hashOf } from "../util/hash";
import { removeCheckpoints } from "./checkpoints";
import { createEagerEngine } from "./engines/eager";
import { runLoop, type StepMetrics } from "./loop";
import { rowsHash, tokenRows } from "./mask";
import { planSteps } from "./mixture";
import { type PairRows, packPairs, preferenceObjective, referenceMargins } from "./preference";
import { learningRateAt } from "./schedule";
import { positive, trainSettingsSchema } from "./settings";
import { readFinished } from "./train";

/** The defaults are those of ETO's first round: 3 epochs of 32 pairs a step, β = .1, a constant rate after warm-up. */
export const preferSettingsSchema = trainSettingsSchema
  .pick({
    budget: true,
    sequenceLength: true,
    microTokens: true,
    betas: true,
    weightDecay: true,
    clip: true,
    tied: true,
    lora: true,
    recompute: true,
    spikes: true,
    seed: true,
  })
  .extend({
    /** How far the model may go from its reference: the larger, the less. */
    beta: positive.default(0.1),
    /** `rows` are pairs; `tokens` are those of both sides. */
    batch: trainSettingsSchema.shape.batch.unwrap().default({ rows: 32 }),
    learningRate: positive.default(1e-6),
    schedule: trainSettingsSchema.shape.schedule.unwrap().default("constant"),
    warmup: trainSettingsSchema.shape.warmup.unwrap().default(0.1),
  });
export type PreferSettings = z.output<typeof preferSettingsSchema>;

export interface PreferOptions extends z.input<typeof preferSettingsSchema> {
  /** Folder of the model to start from, which is the reference too; it stays as it is. */
  model: string;
  /** Pairs, or a file of them (trajectory/pairs.ts). */
  pairs: readonly Pair[] | string;
  /** Folder of the result: a checkpoint, train.json, metrics.jsonl, timing.jsonl and tensorboard/. */
  out: string;
  /** Default: the backend's own. */
  threads?: number;
  /** Steps between checkpoints, from which a killed run goes on. Default 100. */
  checkpointEvery?: number;
  onStep?(metrics: StepMetrics & { steps: number }): void;
}

export interface PreferSummary {
  steps: number;
  /** Pairs, and how many of their sides were cut to fit. */
  pairs: number;
  cut: number;
  /** Tokens that went through the model, both sides, without the reference's pass. */
  tokens: number;
  /** Of the last tenth of the steps: mean loss, Δ(chosen) − Δ(rejected), share of the pairs the right way round. */
  loss: number;
  margin: number;
  accuracy: number;
}

/**
 * Trains a model on pairs by DPO (preference.ts). Run again after a kill, it goes on from its last checkpoint and ends
 * with the same weights and metrics to the bit; a finished one is not trained again.
 *
 * @throws InputError with every faulty setting, or every row that cannot be trained on, or without pairs.
 */
export async function prefer(options: PreferOptions): Promise<PreferSummary> {
  const { model: folder, pairs: given, out, threads, checkpointEvery = 100, onStep, ...rest } = options;
  const settings = check(preferSettingsSchema, rest);
  const pairs = typeof given === "string" ? await readPairs(dataPath(given)) : given;
  if (pairs.length === 0) throw new InputError("no pairs: nothing was done better or worse than the bank");
  const tokenizer = loadTokenizer(folder);
  const longest = Math.min(settings.sequenceLength, loadConfig(folder).max_position_embeddings);
  const side = (name: keyof Pair) =>
    tokenRows(
      pairs.map((pair) => pair[name]),
      tokenizer,
      longest,
    );
  const [chosen, rejected] = [side("chosen"), side("rejected")];
  const backend = await loadBackend({ threads });
  const base = weightsHash(folder);
  const identity = hashOf({
    settings,
    base,
    chosen: rowsHash(chosen),
    rejected: rowsHash(rejected),
    backend,
  });
  const finished = readFinished<PreferSummary>(out, identity);
  if (finished) return finished;

  const model = loadModel(folder);
  const rows = withReference(
    model,
    chosen.map((row, i) => ({ chosen: row, rejected: rejected[i]!, reference: 0 })),
    settings.microTokens,
  );
  const plan = planSteps(
    [{ lengths: rows.map(tokensOf), ratio: 1 }],
    settings.batch,
    settings.budget,
    settings.seed,
  );
  const steps = plan.length;
  const objective = preferenceObjective(settings.beta);
  const lora = settings.lora && { ...settings.lora, base: folder };
  const engine = createEagerEngine(model, tokenizer, { ...settings, lora, objective });
  try {
    const { metrics } = await runLoop({
      engine,
      steps,
      batches: (step) =>
        grouped(
          plan[step]!.map(([, row]) => rows[row]!),
          settings.microTokens,
        ).map(packPairs),
      learningRate: (step) =>
        learningRateAt(step, {
          shape: settings.schedule,
          peak: settings.learningRate,
          warmup: settings.warmup,
          steps,
        }),
      out,
      identity,
      checkpointEvery,
      spikes: settings.spikes,
      onStep: onStep && ((m) => onStep({ ...m, steps })),
    });
    engine.saveModel(out);
    const last = metrics.slice(-Math.ceil(metrics.length / 10));
    const mean = (of: (m: StepMetrics) => number) => last.reduce((sum, m) => sum + of(m), 0) / last.length;
    const summary: PreferSummary = {
      steps,
      pairs: rows.length,
      cut: [...chosen, ...rejected].filter((row) => row.cut > 0).length,
      tokens: metrics.reduce((sum, m) => sum + m.tokens, 0),
      loss: mean((m) => m.loss),
      margin: mean((m) => m.scores!["margin"]!),
      accuracy: mean((m) => m.scores!["accuracy"]!),
    };
    const record = { ...summary, backend, engine: "eager", settings, identity };
    writeAtomic(join(out, "train.json"), `${JSON.stringify(record, null, 2)}\n`);
    removeCheckpoints(out);
    return summary;
  } finally {
    engine.dispose();
    disposeModel(model);
  }
}

/** The pairs with the margins that the model gives them before it is trained. */
function withReference(model: Llama, pairs: readonly PairRows[], most: number): PairRows[] {
  return grouped(pairs, most).flatMap((group) => {
    const margins = referenceMargins(model, packPairs(group));
    return group.map((pair, i) => ({ ...pair, reference: margins[i]! }));
  });
}

const tokensOf = ({ chosen, rejected }: PairRows) => chosen.ids.length + rejected.ids.length;

/** Pairs in groups of at most `most` tokens, padding included; one alone may be longer. */
function grouped(pairs: readonly PairRows[], most: number): PairRows[][] {
  const longest = ({ chosen, rejected }: PairRows) => Math.max(chosen.ids.length, rejected.ids.length);
  const groups: PairRows[][] = [];
  for (const pair of [...pairs].sort((a, b) => longest(b) - longest(a))) {
    const group = groups.at(-1);
    if (group && 2 * (group.length + 1) * longest(group[0]!) <= most) group.push(pair);
    else groups.push([pair]);
  }
  return groups;
}
