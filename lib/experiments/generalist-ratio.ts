/**
 * Figure 3: scores against the share of generalist data, for a fixed training budget, from two starting points: the
 * base (in the place of Llama-2-7B-Chat) and the base tuned on generalist data (in the place of Vicuna-7B).
 */
import type { Interval } from "../evaluation/bootstrap";
import { bootstrapSeeds, paired, type SeedRewards } from "../evaluation/seeds";
import { footnote } from "../report/figures/figure";
import { lines } from "../report/figures/lines";
import { readRewards } from "../runs/read";
import type { TrainSpec } from "../runs/spec";
import { getTask } from "../tasks/registry";
import { aboveZero, type Experiment, toPoints, type Verdict } from "./experiment";
import type { Preset } from "./preset";
import { bank, base, evaluation, instructed, tuned } from "./recipes";

export interface GeneralistRatio {
  points: {
    base: string;
    /** Share of generalist data in what is trained on; the rest is the agent bank. */
    share: number;
    held: "in" | "out";
    score: Interval;
    seeds: number;
  }[];
  verdicts: Verdict[];
}

/** The model of every seed, for one base and one share. */
function models(preset: Preset, baseName: string, share: number): TrainSpec[] {
  const mixture = { agent: 1 - share, general: share, code: 0 };
  const { budget, seeds } = preset.experiments.generalistRatio;
  const start = baseName === "generalist" ? instructed(preset, "general") : base(preset, baseName);
  return seeds.map((seed) => tuned(preset, { agent: bank(preset), mixture, base: start, seed, budget }));
}

/** The preset's tasks of one half of the paper's evaluation. */
function half(preset: Preset, held: "in" | "out"): string[] {
  return preset.data.tasks.filter((task) => getTask(task).evaluation?.held === held);
}

/** One axis of the figure: the shares in ascending order, for each base. */
function grid(preset: Preset) {
  const { shares, bases } = preset.experiments.generalistRatio;
  return bases.flatMap((name) => shares.toSorted((a, b) => a - b).map((share) => ({ base: name, share })));
}

export const generalistRatio: Experiment<GeneralistRatio> = {
  name: "generalist-ratio",
  title: "The effect of generalist instruction data",
  reproduces: "Figure 3",
  published: ["figure-3"],
  claim: "With steps fixed, held-in scores fall as generalist data takes the place of trajectories.",

  runs: (preset) =>
    grid(preset).flatMap(({ base, share }) =>
      models(preset, base, share).flatMap((model) =>
        [...half(preset, "in"), ...half(preset, "out")].map((task) => evaluation(preset, model, task)),
      ),
    ),

  async measure(preset) {
    const points: GeneralistRatio["points"] = [];
    const heldIn = new Map<string, SeedRewards[]>();
    for (const { base, share } of grid(preset)) {
      const seeds = models(preset, base, share);
      for (const held of ["in", "out"] as const) {
        const tasks = half(preset, held);
        if (tasks.length === 0) continue;
        const ofTask = (task: string) =>
          Promise.all(seeds.map((model) => readRewards(evaluation(preset, model, task))));
        const groups = await Promise.all(tasks.map(ofTask));
        points.push({ base, share, held, score: toPoints(bootstrapSeeds(groups)), seeds: seeds.length });
        if (held === "in") heldIn.set(`${base}/${share}`, groups);
      }
    }
    const { shares, bases } = preset.experiments.generalistRatio;
    const [least, most] = [Math.min(...shares), Math.max(...shares)];
    const verdicts = bases.map((base) => {
      const [a, b] = [heldIn.get(`${base}/${least}`)!, heldIn.get(`${base}/${most}`)!];
      return aboveZero(
        `Held-in scores fall as the share of generalist data rises (${base}).`,
        `Held-in average at share ${least} − at share ${most}, paired by instance: 95 % interval above 0.`,
        toPoints(bootstrapSeeds(a.map((group, t) => paired(group, b[t]!)))),
      );
    });
    return { points, verdicts };
  },

  draw({ points }, preset) {
    const simulated = preset.teacher.kind === "simulated";
    const note = footnote({
      preset: preset.name,
      simulated,
      seeds: preset.experiments.generalistRatio.seeds.length,
      level: 0.95,
    });
    const names = [...new Set(points.map((p) => `${p.base}, held-${p.held}`))];
    return [
      {
        name: "generalist-ratio",
        title: "Score against the share of generalist data",
        caption: "Average over tasks (%) at a fixed number of training tokens, 95 % intervals.",
        draw: lines({
          title: "Score against the share of generalist data",
          note,
          label: "Average score",
          unit: "%",
          xLabel: "Share of generalist data",
          xUnit: "% of tokens read",
          series: names.map((name) => ({
            name,
            points: points
              .filter((p) => `${p.base}, held-${p.held}` === name)
              .map(({ share, score: { mean, low, high } }) => ({ x: share * 100, y: { mean, low, high } })),
          })),
        }),
        rows: points.map(({ score: { mean, low, high }, ...point }) => ({
          ...point,
          score: { mean, low, high },
        })),
      },
    ];
  },
};
