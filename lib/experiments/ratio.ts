/**
 * What Figures 3 and 4 share: scores against the share of instruction data that takes the place of trajectories, for a
 * fixed training budget. The share 0 is the same run in both.
 */
import type { Interval } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { footnote } from "../report/figures/figure";
import { lines } from "../report/figures/lines";
import type { RunSpec, TrainSpec } from "../runs/spec";
import type { TrainSettings } from "../training/train";
import type { Drawn } from "./experiment";
import type { Preset } from "./preset";
import { bank, half, startingPoint, tuned, withTest } from "./recipes";
import { average, bounds, evaluations, rewardsOf } from "./scores";

/** Which data takes the trajectories' place, and the preset's section for it. */
export interface RatioSweep {
  kind: "general" | "code";
  shares: readonly number[];
  /** Names of starting points. */
  bases: readonly string[];
  seeds: readonly number[];
  budget?: TrainSettings["budget"];
  test?: Preset["data"]["test"];
}

export interface RatioPoint {
  base: string;
  /** Share of instruction data in what is trained on; the rest is the agent bank. */
  share: number;
  held: "in" | "out";
  /** Average over tasks in points. */
  score: Interval;
  seeds: number;
}

/** The shares in ascending order, for each base. */
function grid({ shares, bases }: RatioSweep) {
  return bases.flatMap((base) => shares.toSorted((a, b) => a - b).map((share) => ({ base, share })));
}

/** The model of every seed, for one base and one share. */
function ratioModels(preset: Preset, sweep: RatioSweep, base: string, share: number): TrainSpec[] {
  const mixture = { general: 0, code: 0, [sweep.kind]: share, agent: 1 - share };
  const from = startingPoint(preset, base);
  return sweep.seeds.map((seed) =>
    tuned(preset, { agent: bank(preset), mixture, base: from, seed, budget: sweep.budget }),
  );
}

/** Every evaluation of the sweep. */
export function ratioRuns(preset: Preset, sweep: RatioSweep): RunSpec[] {
  const tasks = [...half(preset, "in"), ...half(preset, "out")];
  return grid(sweep).flatMap(({ base, share }) =>
    evaluations(withTest(preset, sweep), ratioModels(preset, sweep, base, share), tasks),
  );
}

/** A point a base, share and half that has tasks; `at` gives the rewards behind it, a group a task. */
export async function measureRatio(preset: Preset, sweep: RatioSweep) {
  const points: RatioPoint[] = [];
  const rewards = new Map<string, SeedRewards[]>();
  for (const { base, share } of grid(sweep)) {
    const seeds = ratioModels(preset, sweep, base, share);
    for (const held of ["in", "out"] as const) {
      const tasks = half(preset, held);
      if (tasks.length === 0) continue;
      const groups = await rewardsOf(withTest(preset, sweep), seeds, tasks);
      points.push({ base, share, held, score: average(groups), seeds: seeds.length });
      rewards.set(`${base}/${share}/${held}`, groups);
    }
  }
  const at = (held: "in" | "out", base: string, share: number) => rewards.get(`${base}/${share}/${held}`)!;
  return { points, at };
}

/** The least share, the smallest above it, and the most: where the paper sees the help and the fall. */
export function sharesOf({ shares }: RatioSweep): { least: number; little: number; most: number } {
  const ordered = shares.toSorted((a, b) => a - b);
  return { least: ordered[0]!, little: ordered[1]!, most: ordered.at(-1)! };
}

/** Scores against the share, a line a base and half. `data` names what takes the trajectories' place. */
export function drawRatio(
  preset: Preset,
  points: readonly RatioPoint[],
  { name, data }: { name: string; data: string },
): Drawn {
  const note = footnote({
    preset: preset.name,
    simulated: preset.teacher.kind === "simulated",
    seeds: points[0]?.seeds,
    level: 0.95,
  });
  const lineOf = (p: RatioPoint) => `${p.base}, held-${p.held}`;
  const title = `Score against the share of ${data}`;
  return {
    name,
    title,
    caption: "Average over tasks (%) at a fixed training budget, 95 % intervals.",
    draw: lines({
      title,
      note,
      label: "Average score",
      unit: "%",
      xLabel: `Share of ${data}`,
      xUnit: "% of tokens read",
      series: [...new Set(points.map(lineOf))].map((line) => ({
        name: line,
        points: points
          .filter((p) => lineOf(p) === line)
          .map(({ share, score }) => ({ x: share * 100, y: bounds(score) })),
      })),
    }),
    rows: points.map(({ score, ...point }) => ({ ...point, score: bounds(score) })),
  };
}
