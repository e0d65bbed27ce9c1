/** The mechanisms by name, as specs of runs and the command line have them. */
import { type Play, runEpisode } from "../agent";
import type { LanguageModel } from "../llm/client";
import { plannerAndActor } from "./planner-actor";
import { reflexion, retry } from "./reflexion";
import { rewoo } from "./rewoo/play";

export const mechanismNames = ["retry", "reflexion", "rewoo", "planner"] as const;

export type Mechanism =
  /** The environment's oracle alone: tries again where it failed, sampling. */
  | { kind: "retry"; trials: number; temperature: number }
  | { kind: "reflexion"; trials: number }
  | { kind: "rewoo" }
  /** The model thinks; `actor`, or the same model where there is none, acts. */
  | { kind: "planner"; actor?: LanguageModel };

/** How an episode is played by it. */
export function playOf(mechanism: Mechanism): Play {
  switch (mechanism.kind) {
    case "retry":
      return retry(mechanism);
    case "reflexion":
      return reflexion(mechanism);
    case "rewoo":
      return rewoo;
    case "planner":
      return (options) =>
        runEpisode({ ...options, model: plannerAndActor(options.model, mechanism.actor ?? options.model) });
  }
}
