/**
 * Thoughts: what an agent is without them, on the same decisions, and whether annotating them apart from the actions
 * (AgentBank) trains better agents than writing both at once (explored and filtered, as AgentTuning does).
 */
import { bootstrapMean, type Interval, mean } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { readBank, readMatched } from "../runs/read";
import type { Trajectory } from "../trajectory/schema";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { type Arm, annotated, arms, ofArm, playedBy } from "./rationale/arms";
import { drawRationale } from "./rationale/figures";
import { rationaleVerdicts } from "./rationale/verdicts";
import { half, trainCount } from "./recipes";
import { average, evaluations, rewardsOf, toPoints } from "./scores";
import type { Verdict } from "./verdict";

export interface RationaleArm {
  arm: Arm;
  /** Instances that became a trajectory, of all. */
  kept: number;
  of: number;
  /** Mean difficulty of the trajectories that are trained on; null where nobody states it. */
  difficulty: number | null;
  seeds: number;
  /** Score in points by task, held-in ones first. */
  tasks: { task: string; score: Interval }[];
  in: Interval;
  /** Null where the preset has no held-out task. */
  out: Interval | null;
}

export interface Rationale {
  arms: RationaleArm[];
  /** Share of instances annotated, `apart` − `together`, in points. */
  coverage: Interval;
  /** Instances that both ways annotated, and those of them whose two trajectories are the same to the character. */
  shared: { instances: number; identical: number };
  verdicts: Verdict[];
}

/** Rewards by task, of either half. */
export type ArmRewards = Record<"in" | "out", SeedRewards[]>;

export const rationale: Experiment<Rationale> = {
  name: "rationale",
  title: "Thoughts: with, without, together, apart",
  reproduces: "Rationales",
  published: ["rationale", "agenttuning-rationale"],
  claim: "Thoughts teach the reasoning behind actions, and are better written apart from them.",

  runs: (preset) =>
    arms.flatMap((arm) =>
      evaluations(preset, ofArm(preset, arm), [...half(preset, "in"), ...half(preset, "out")], playedBy(arm)),
    ),

  async measure(preset) {
    const read = async (arm: Arm, held: "in" | "out") =>
      rewardsOf(preset, ofArm(preset, arm), half(preset, held), playedBy(arm));
    const both = async (arm: Arm) => ({ in: await read(arm, "in"), out: await read(arm, "out") });
    const rewards: Record<Arm, ArmRewards> = {
      together: await both("together"),
      apart: await both("apart"),
      alone: await both("alone"),
    };
    const evidence = { rewards, coverage: await coverage(preset), shared: await shared(preset) };
    return {
      arms: await Promise.all(arms.map((arm) => summary(preset, arm, rewards[arm]))),
      coverage: evidence.coverage,
      shared: evidence.shared,
      verdicts: rationaleVerdicts(preset, evidence),
    };
  },

  draw: drawRationale,
};

const banks = (preset: Preset, arm: Arm): Promise<Trajectory[][]> =>
  Promise.all(preset.data.tasks.map((task) => readBank(annotated(preset, task, arm))));

async function summary(preset: Preset, arm: Arm, rewards: ArmRewards): Promise<RationaleArm> {
  const { trajectories, seeds } = preset.experiments.rationale;
  const all = await banks(preset, arm);
  const trained = all.flatMap((bank) => bank.slice(0, trajectories));
  const difficulties = trained.flatMap((t) => (t.difficulty === null ? [] : [t.difficulty]));
  const tasks = [...half(preset, "in"), ...half(preset, "out")];
  const groups = [...rewards.in, ...rewards.out];
  return {
    arm,
    kept: all.flat().length,
    of: preset.data.tasks.reduce((sum, task) => sum + trainCount(preset, task), 0),
    difficulty: difficulties.length > 0 ? mean(difficulties) : null,
    seeds: seeds.length,
    tasks: tasks.map((task, t) => ({ task, score: average([groups[t]!]) })),
    in: average(rewards.in),
    out: rewards.out.length > 0 ? average(rewards.out) : null,
  };
}

/** By instance, 1 where `apart` alone annotated it and −1 where `together` alone did; the average over tasks. */
async function coverage(preset: Preset): Promise<Interval> {
  const [apart, together] = [await banks(preset, "apart"), await banks(preset, "together")];
  const byTask = preset.data.tasks.map((task, t) => {
    const [a, b] = [apart, together].map((all) => new Set(all[t]!.map(({ instance }) => instance)));
    const either = [...new Set([...a!, ...b!])].map((id) => Number(a!.has(id)) - Number(b!.has(id)));
    return [...either, ...Array<number>(trainCount(preset, task) - either.length).fill(0)];
  });
  return toPoints(bootstrapMean(byTask));
}

async function shared(preset: Preset): Promise<Rationale["shared"]> {
  const pairs = await Promise.all(
    preset.data.tasks.map((task) =>
      readMatched({
        first: annotated(preset, task, "together"),
        second: annotated(preset, task, "apart"),
        strategy: null,
        count: Number.POSITIVE_INFINITY,
      }),
    ),
  );
  const all = pairs.flat();
  return { instances: all.length, identical: all.filter(({ identical }) => identical).length };
}
