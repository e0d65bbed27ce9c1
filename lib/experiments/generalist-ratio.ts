/**
 * Figure 3: scores against the share of generalist data, for a fixed training budget, from two starting points: the
 * base (in the place of Llama-2-7B-Chat) and the base tuned on generalist data (in the place of Vicuna-7B).
 */
import type { Interval } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { footnote } from "../report/figures/figure";
import { lines } from "../report/figures/lines";
import type { BaseSpec, TrainSpec } from "../runs/spec";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { bank, base, heldIn, instructed, tuned } from "./recipes";
import { average, bounds, evaluations, gain, rewardsOf } from "./scores";
import { aboveZero, notTestable, type Verdict } from "./verdict";

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
  const from = start(preset, baseName);
  return seeds.map((seed) => tuned(preset, { agent: bank(preset), mixture, base: from, seed, budget }));
}

/** What the trainings of one name start from. */
function start(preset: Preset, name: string): BaseSpec | TrainSpec {
  return name === "generalist" ? instructed(preset, "general") : base(preset, name);
}

/** The tasks of one half of the paper's evaluation. */
const half = (preset: Preset, held: "in" | "out") => (held === "in" ? heldIn(preset) : preset.data.heldOut);

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

  runs: (preset) => [
    ...grid(preset).flatMap(({ base, share }) =>
      evaluations(preset, models(preset, base, share), [...heldIn(preset), ...preset.data.heldOut]),
    ),
    ...evaluations(
      preset,
      [start(preset, preset.experiments.generalistRatio.bases[0]!)],
      preset.data.heldOut,
    ),
  ],

  async measure(preset) {
    const points: GeneralistRatio["points"] = [];
    const rewards = { in: new Map<string, SeedRewards[]>(), out: new Map<string, SeedRewards[]>() };
    for (const { base, share } of grid(preset)) {
      const seeds = models(preset, base, share);
      for (const held of ["in", "out"] as const) {
        const tasks = half(preset, held);
        if (tasks.length === 0) continue;
        const groups = await rewardsOf(preset, seeds, tasks);
        points.push({ base, share, held, score: average(groups), seeds: seeds.length });
        rewards[held].set(`${base}/${share}`, groups);
      }
    }
    return { points, verdicts: await verdicts(preset, rewards) };
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
              .map(({ share, score }) => ({ x: share * 100, y: bounds(score) })),
          })),
        }),
        rows: points.map(({ score, ...point }) => ({ ...point, score: bounds(score) })),
      },
    ];
  },
};

/** The least share, the smallest above it, and the most: where the paper sees the fall, the help and the steep fall. */
async function verdicts(
  preset: Preset,
  rewards: Record<"in" | "out", Map<string, SeedRewards[]>>,
): Promise<Verdict[]> {
  const { shares, bases } = preset.experiments.generalistRatio;
  const ordered = shares.toSorted((a, b) => a - b);
  const [least, little, most] = [ordered[0]!, ordered[1]!, ordered.at(-1)!];
  const found = bases.flatMap((base): Verdict[] => {
    const at = (held: "in" | "out", share: number) => rewards[held].get(`${base}/${share}`)!;
    const source = "figure-3";
    const fall = aboveZero(
      {
        source,
        claim: "held-in falls as the share of ShareGPT rises",
        part: base,
        test: `held-in average at share ${least} − at share ${most}, paired by instance, is above 0`,
      },
      gain(at("in", least), at("in", most)),
    );
    const rise = {
      source,
      claim: "held-out rises with a small share, then falls steeply",
      part: `${base}, rises`,
      test: `held-out average at share ${little} − at share ${least}, paired by instance, is above 0`,
    };
    if (preset.data.heldOut.length === 0) return [fall, notTestable(rise, "the preset has no held-out task")];
    return [
      fall,
      aboveZero(rise, gain(at("out", little), at("out", least))),
      aboveZero(
        {
          ...rise,
          part: `${base}, falls`,
          test: `held-out average at share ${little} − at share ${most}, paired by instance, is above 0`,
        },
        gain(at("out", little), at("out", most)),
      ),
    ];
  });
  const alone = {
    source: "figure-3",
    claim: "trajectories alone already lift held-out tasks",
    test: "held-out average, tuned on trajectories alone − base, paired by instance, is above 0",
  };
  if (least > 0 || preset.data.heldOut.length === 0)
    return [
      ...found,
      notTestable(alone, "no run is trained on trajectories alone and played on held-out tasks"),
    ];
  const before = await rewardsOf(preset, [start(preset, bases[0]!)], preset.data.heldOut);
  return [...found, aboveZero(alone, gain(rewards.out.get(`${bases[0]}/0`)!, before))];
}
