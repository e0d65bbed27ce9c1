/**
 * AgentTuning (card 002): how much agent data the mixture should hold (η), what its filter by reward is worth, and what
 * tuning costs a model in general abilities.
 */
import { type Interval, mean } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { bootstrapSeeds } from "../evaluation/seeds";
import { readBank, readSlice } from "../runs/read";
import { abilityRuns, abilityTests, readAbilities } from "./abilities";
import { agentData, before, etas, filtered, ofEta, ofFilter, rewards } from "./agent-tuning/arms";
import { drawAgentTuning } from "./agent-tuning/figures";
import { agentTuningVerdicts } from "./agent-tuning/verdicts";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { heldIn, trainCount } from "./recipes";
import { average, evaluations, rewardsOf, type Seeds, toPoints } from "./scores";
import type { Verdict } from "./verdict";

export interface AgentTuning {
  /** One for each η in ascending order, and first the model before tuning, whose η is null. */
  points: {
    eta: number | null;
    seeds: number;
    in: Interval;
    /** Null where the preset has no held-out task. */
    out: Interval | null;
    /** By test: score in points; loss in nats a token. */
    abilities: Record<string, { score: Interval; loss: Interval }>;
  }[];
  /** One for each reward that trajectories must reach, in ascending order; 0 is unfiltered. */
  filters: {
    reward: number;
    /** Instances whose trajectory is kept, of all. */
    kept: number;
    of: number;
    /** Of the trajectories that are trained on: their mean reward, and difficulty where it is known. */
    meanReward: number;
    difficulty: number | null;
    seeds: number;
    in: Interval;
    out: Interval | null;
  }[];
  verdicts: Verdict[];
}

/** All that was measured of some models: rewards by task, and scores by test. */
export interface Measured {
  in: SeedRewards[];
  out: SeedRewards[];
  abilities: Map<string, { scores: SeedRewards; losses: SeedRewards }>;
}

export const agentTuning: Experiment<AgentTuning> = {
  name: "agent-tuning",
  title: "AgentTuning: mixture, filter, forgetting",
  reproduces: "AgentTuning",
  published: ["agenttuning"],
  claim:
    "A fifth of agent data, filtered by full reward, makes an agent of a model that keeps its abilities.",

  runs: (preset) => {
    const tasks = [...heldIn(preset), ...preset.data.heldOut];
    const rated = [before(preset), ...etas(preset).map((eta) => ofEta(preset, eta))].flat();
    const all = [...rated, ...rewards(preset).flatMap((reward) => ofFilter(preset, reward))];
    return [...evaluations(preset, all, tasks), ...abilityRuns(rated, abilityTests(preset))];
  },

  async measure(preset) {
    const start = await read(preset, before(preset), true);
    const byEta = new Map<number, Measured>();
    for (const eta of etas(preset)) byEta.set(eta, await read(preset, ofEta(preset, eta), true));
    const byReward = new Map<number, Measured>();
    for (const reward of rewards(preset))
      byReward.set(reward, await read(preset, ofFilter(preset, reward), false));

    const filters = await Promise.all(
      [...byReward].map(async ([reward, measured]) => ({
        reward,
        ...(await dataOf(preset, reward)),
        ...summary(measured),
      })),
    );
    return {
      points: [
        { eta: null, ...summary(start), abilities: abilitiesOf(start) },
        ...[...byEta].map(([eta, m]) => ({ eta, ...summary(m), abilities: abilitiesOf(m) })),
      ],
      filters,
      verdicts: agentTuningVerdicts(preset, { start, byEta, byReward, filters }),
    };
  },

  draw: drawAgentTuning,
};

async function read(preset: Preset, models: Seeds, rated: boolean): Promise<Measured> {
  const tests = rated ? abilityTests(preset) : [];
  const abilities = tests.map(async (test) => [test.name, await readAbilities(models, test)] as const);
  return {
    in: await rewardsOf(preset, models, heldIn(preset)),
    out: await rewardsOf(preset, models, preset.data.heldOut),
    abilities: new Map(await Promise.all(abilities)),
  };
}

const summary = (measured: Measured) => ({
  seeds: measured.in[0]!.length,
  in: average(measured.in),
  out: measured.out.length > 0 ? average(measured.out) : null,
});

const abilitiesOf = ({ abilities }: Measured) =>
  Object.fromEntries(
    [...abilities].map(([name, { scores, losses }]) => [
      name,
      { score: toPoints(bootstrapSeeds([scores])), loss: bootstrapSeeds([losses]) },
    ]),
  );

/** What a filter keeps, and what is trained on of it. */
async function dataOf(preset: Preset, reward: number) {
  const { tasks } = preset.data;
  const banks = await Promise.all(tasks.map((task) => readBank(filtered(preset, task, reward))));
  const trained = (await Promise.all(agentData(preset, reward).map(readSlice))).flat();
  const difficulties = trained.flatMap((t) => (t.difficulty === null ? [] : [t.difficulty]));
  return {
    kept: banks.flat().length,
    of: tasks.reduce((sum, task) => sum + trainCount(preset, task), 0),
    meanReward: mean(trained.map((t) => t.reward ?? 0)),
    difficulty: difficulties.length > 0 ? mean(difficulties) : null,
  };
}
