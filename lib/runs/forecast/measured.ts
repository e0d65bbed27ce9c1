/** Seconds of one core that runs took here, for those that are like them. */
import type { StoredRun } from "../inventory";
import { type ModelSpec, nameOf, type RunSpec } from "../spec";

/** What of a run its time is in proportion to, and which others are of the same rate. */
export interface Amount {
  /** Runs of one key share a rate. */
  key: string;
  units: number;
}

/** Null where the length of a run cannot be told from its spec. */
export function amountOf(spec: RunSpec): Amount | null {
  switch (spec.kind) {
    case "annotate":
      return {
        key: `annotate ${spec.instances.task} ${spec.strategies.join("+")} ${spec.teacher.kind}`,
        units: spec.instances.count,
      };
    case "train": {
      const { budget, batch } = spec.settings;
      const perStep = "tokens" in batch ? batch.tokens : null;
      const tokens =
        "tokens" in budget ? budget.tokens : "steps" in budget && perStep ? budget.steps * perStep : null;
      return tokens === null ? null : { key: `train ${rootOf(spec)}`, units: tokens };
    }
    case "evaluate": {
      const { instances, mechanism, model } = spec;
      const how = mechanism ? ` ${mechanism.kind}` : "";
      const played = "from" in instances ? instances.from.instances.task : instances.task;
      const units = "from" in instances ? (instances.count ?? null) : instances.count;
      const tuned = model.kind === "base" || model.kind === "scratch" ? "" : " tuned";
      return units === null ? null : { key: `evaluate ${played} ${rootOf(model)}${tuned}${how}`, units };
    }
    case "explore": {
      const { from, most } = spec.bank;
      return most === undefined
        ? null
        : { key: `explore ${from.instances.task} ${rootOf(spec.model)}`, units: most };
    }
    case "ability": {
      const { of, model } = spec;
      const units = "count" in of ? of.count : 1;
      return { key: `ability ${of.test} ${"kind" in of ? of.kind : ""} ${rootOf(model)}`, units };
    }
    case "prefer":
      return { key: `prefer ${rootOf(spec)}`, units: 1 };
    case "judge":
      return { key: `judge ${spec.judge.kind}`, units: spec.pairs.count };
    case "scratch":
      return { key: `scratch ${spec.like.name}`, units: 1 };
  }
}

/** The base that a model was made of. */
function rootOf(model: ModelSpec): string {
  if (model.kind === "base") return model.name;
  return model.kind === "scratch" ? nameOf(model) : rootOf(model.base);
}

/** Core-seconds a unit by key: of all runs of a store that were done in one go, sum over sum. */
export function ratesOf(stored: readonly StoredRun[]): Map<string, number> {
  const sums = new Map<string, { seconds: number; units: number }>();
  for (const { spec, timing, status } of stored) {
    const amount = amountOf(spec);
    if (status !== "done" || !timing || timing.resumed || !amount) continue;
    const sum = sums.get(amount.key) ?? { seconds: 0, units: 0 };
    sums.set(amount.key, { seconds: sum.seconds + timing.seconds, units: sum.units + amount.units });
  }
  return new Map([...sums].map(([key, { seconds, units }]) => [key, seconds / units]));
}
