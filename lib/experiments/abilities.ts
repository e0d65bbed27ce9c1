/** Tests of general abilities, as a preset sizes them: what tuning an agent may cost a model. */
import type { SeedRewards } from "../evaluation/seeds";
import { readAbility } from "../runs/read";
import type { AbilitySpec } from "../runs/spec";
import type { Preset } from "./preset";
import { instruct } from "./recipes";
import type { Seeds } from "./scores";

export interface AbilityTest {
  name: string;
  of: AbilitySpec["of"];
}

/** Conversations of both kinds that no training of the preset reads, and MMLU where the preset names its files. */
export function abilityTests(preset: Preset): AbilityTest[] {
  const { conversations, mmlu } = preset.experiments.agentTuning.abilities;
  const converse = (kind: "general" | "code"): AbilityTest => {
    const trained = instruct(preset, kind);
    const after = trained.file === undefined ? 0 : trained.count;
    const { maxTokens } = preset;
    return {
      name: `${kind} conversations`,
      of: { test: "conversations", ...trained, count: conversations, after, maxTokens },
    };
  };
  const tests = [converse("general"), converse("code")];
  return mmlu ? [...tests, { name: "MMLU", of: { test: "mmlu", ...mmlu } }] : tests;
}

/** Every model in every test. */
export function abilityRuns(models: Seeds, tests: readonly AbilityTest[]): AbilitySpec[] {
  return models.flatMap((model) => tests.map(({ of }) => ({ kind: "ability" as const, model, of })));
}

/** Scores in [0, 1] and losses in nats a token, by seed and question. */
export async function readAbilities(
  models: Seeds,
  { of }: AbilityTest,
): Promise<{ scores: SeedRewards; losses: SeedRewards }> {
  const read = await Promise.all(models.map((model) => readAbility({ kind: "ability", model, of })));
  return {
    scores: read.map((questions) => questions.map((q) => q.score)),
    losses: read.map((questions) => questions.map((q) => q.loss)),
  };
}
