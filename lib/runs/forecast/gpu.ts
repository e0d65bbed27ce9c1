/** GPU hours of trainings, from operations, and of episodes, from a stated throughput. */
import type { LlamaConfig } from "../../model/config";
import { parameterShapes } from "../../model/llama";
import { parseHardware } from "../../training/hardware";
import { planTraining } from "../../training/plan";
import { preferSettingsSchema } from "../../training/prefer";
import { trainSettingsSchema } from "../../training/settings";
import type { EvaluateSpec, ExploreSpec, PreferSpec, TrainSpec } from "../spec";
import type { Assumptions } from "./assumptions";
import { episodeOf, tokensOf, writtenIn } from "./episode";
import { rowsOf } from "./teacher";

export interface TrainingForecast {
  steps: number;
  tokens: number;
  gpuHours: number;
  /** Why it does not fit the hardware; null where it does. */
  fault: string | null;
}

/** Steps, tokens and hours of a fine-tuning, as `train --plan` has them. */
export function trainingForecast(spec: TrainSpec, config: LlamaConfig, given: Assumptions): TrainingForecast {
  const explored = spec.reflections ?? [];
  const parts = [
    ...spec.agent.map((slice) => ({ rows: rowsOf(slice, given), task: slice.from.instances.task })),
    // A reflection and a second attempt for each episode that fell short: no more than one each.
    ...explored.map(({ bank }) => ({ rows: rowsOf(bank, given), task: bank.from.instances.task })),
  ].map(({ rows, task }) => ({ rows, tokens: rows * tokensOf(episodeOf(given, task)) }));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  const present = { agent: rows > 0, general: spec.general !== null, code: spec.code !== null };
  const settings = trainSettingsSchema.parse(spec.settings);
  const ratio = { ...settings.ratio };
  for (const source of ["agent", "general", "code"] as const) if (!present[source]) ratio[source] = 0;
  const plan = planTraining({
    config,
    settings: { ...settings, ratio },
    hardware: parseHardware(given.hardware),
    rows,
    rowTokens: rows > 0 ? tokens / rows : given.conversation,
    trainedShare: 1,
    mfu: given.mfu,
  });
  return {
    steps: plan.steps,
    tokens: plan.tokens,
    gpuHours: plan.gpuHours,
    fault: plan.fits ? null : plan.verdict,
  };
}

/** Preference training reads both sides of a pair, and its reference reads them once without a gradient: 8/6 of the work. */
export function preferenceForecast(
  spec: PreferSpec,
  config: LlamaConfig,
  given: Assumptions,
): TrainingForecast {
  const { pairs, settings } = spec;
  const parts = pairs.map(({ bank }) => ({ rows: 2 * rowsOf(bank, given), task: bank.from.instances.task }));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const tokens = parts.reduce((sum, { rows, task }) => sum + rows * tokensOf(episodeOf(given, task)), 0);
  const parsed = preferSettingsSchema.parse(settings);
  const plan = planTraining({
    config,
    settings: trainSettingsSchema.parse({
      budget: parsed.budget,
      batch: "rows" in parsed.batch ? { rows: 2 * parsed.batch.rows } : parsed.batch,
      ratio: { agent: 1, general: 0, code: 0 },
      sequenceLength: parsed.sequenceLength,
      microTokens: parsed.microTokens,
      lora: parsed.lora,
      recompute: parsed.recompute,
    }),
    hardware: parseHardware(given.hardware),
    rows,
    rowTokens: tokens / rows,
    trainedShare: 1,
    mfu: given.mfu,
  });
  return {
    steps: plan.steps,
    tokens: plan.tokens,
    gpuHours: (plan.gpuHours * 8) / 6,
    fault: plan.fits ? null : plan.verdict,
  };
}

/** Episodes of an evaluation or exploration; those of several trials count each, as if none succeeded before the last. */
export function episodesOf(
  spec: EvaluateSpec | ExploreSpec,
  given: Assumptions,
): { task: string; episodes: number } {
  if (spec.kind === "explore")
    return { task: spec.bank.from.instances.task, episodes: rowsOf(spec.bank, given) };
  const { instances, mechanism } = spec;
  const trials = mechanism && "trials" in mechanism ? mechanism.trials : 1;
  return "from" in instances
    ? { task: instances.from.instances.task, episodes: trials * rowsOf(instances, given) }
    : { task: instances.task, episodes: trials * instances.count };
}

/** Episodes × turns × tokens of a turn at the stated throughput, on one GPU. */
export function playingHours(
  { task, episodes }: { task: string; episodes: number },
  config: LlamaConfig,
  given: Assumptions,
): number {
  return writingHours(episodes * writtenIn(episodeOf(given, task)), config, given);
}

/** Hours of one GPU to write so many tokens. */
export function writingHours(tokens: number, config: LlamaConfig, { decoding }: Assumptions): number {
  const parameters = Object.values(parameterShapes(config)).reduce(
    (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  return tokens / (decoding.tokensPerSecond * (decoding.parameters / parameters)) / 3600;
}
