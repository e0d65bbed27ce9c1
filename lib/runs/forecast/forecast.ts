/** What a run would take: GPU hours and an API's dollars where they are assumed, core-hours where they were measured. */
import type { LlamaConfig } from "../../model/config";
import { type BaseSpec, basesOf, type RunSpec } from "../spec";
import type { Assumptions } from "./assumptions";
import { episodesOf, playingHours, preferenceForecast, trainingForecast, writingHours } from "./gpu";
import { amountOf } from "./measured";
import { type ApiUse, annotationUse, costOf, judgeUse } from "./teacher";

export interface Forecast {
  /** What there is of it, by name: `{ episodes: 1173 }`. */
  amounts: Record<string, number>;
  /** Null where nothing says how long it takes on a GPU, or where it needs none. */
  gpuHours: number | null;
  /** From runs like it that this store timed; null where there are none. */
  coreHours: number | null;
  /** Null where no API is asked. */
  api: ApiUse | null;
  /** US dollars; null where no API is asked, or its price is not stated. */
  cost: number | null;
  /** Why it cannot be computed on the assumed hardware; null where it can, as far as is known. */
  fault: string | null;
}

export interface Grounds {
  /** Null: neither GPU hours nor API use can be told. */
  assumptions: Assumptions | null;
  /** Core-seconds a unit of runs like this one (measured.ts). */
  rates: ReadonlyMap<string, number>;
  /** Sizes of a base; null where they are not known. */
  configOf(base: BaseSpec): LlamaConfig | null;
}

export function forecastRun(spec: RunSpec, { assumptions, rates, configOf }: Grounds): Forecast {
  const amount = amountOf(spec);
  const rate = amount && rates.get(amount.key);
  const coreHours = amount && rate !== undefined && rate !== null ? (rate * amount.units) / 3600 : null;
  const plain = {
    amounts: plainAmounts(spec),
    gpuHours: null,
    coreHours,
    api: null,
    cost: null,
    fault: null,
  };
  if (!assumptions) return plain;
  const [root] = basesOf(spec).slice(-1);
  const config = root ? configOf(root) : null;

  if (spec.kind === "annotate" || spec.kind === "judge") {
    const asked = spec.kind === "annotate" ? spec.teacher : spec.judge;
    if (asked.kind !== "openai") return plain;
    const api = spec.kind === "annotate" ? annotationUse(spec, assumptions) : judgeUse(spec, assumptions);
    return { ...plain, api, cost: costOf(api, assumptions) };
  }
  if (!config) return plain;
  switch (spec.kind) {
    case "train":
    case "prefer": {
      const { steps, tokens, gpuHours, fault } =
        spec.kind === "train"
          ? trainingForecast(spec, config, assumptions)
          : preferenceForecast(spec, config, assumptions);
      return { ...plain, amounts: { steps, tokens: Math.round(tokens) }, gpuHours, fault };
    }
    case "evaluate":
    case "explore": {
      const played = episodesOf(spec, assumptions);
      const episodes = Math.round(played.episodes);
      return { ...plain, amounts: { episodes }, gpuHours: playingHours(played, config, assumptions) };
    }
    case "ability": {
      const { of } = spec;
      const gpuHours =
        of.test === "conversations" ? writingHours(of.count * of.maxTokens, config, assumptions) : null;
      return { ...plain, gpuHours };
    }
    case "scratch":
      return plain;
  }
}

/** What the spec itself says. */
function plainAmounts(spec: RunSpec): Record<string, number> {
  switch (spec.kind) {
    case "annotate":
      return { instances: spec.instances.count };
    case "train":
      return { ...spec.settings.budget };
    case "evaluate": {
      const { instances } = spec;
      if (!("from" in instances)) return { episodes: instances.count };
      return instances.count === null ? {} : { episodes: instances.count };
    }
    case "explore":
      return spec.bank.most === undefined ? {} : { episodes: spec.bank.most };
    case "judge":
      return { pairs: spec.pairs.count };
    case "ability":
      return "count" in spec.of ? { conversations: spec.of.count } : {};
    case "prefer":
    case "scratch":
      return {};
  }
}
