/**
 * Figure 3: scores against the share of generalist data, for a fixed training budget, from two starting points: the
 * base (in the place of Llama-2-7B-Chat) and the base tuned on generalist data (in the place of Vicuna-7B).
 */
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { drawRatio, measureRatio, type RatioPoint, type RatioSweep, ratioRuns, sharesOf } from "./ratio";
import { startingPoint, withTest } from "./recipes";
import { evaluations, gain, rewardsOf } from "./scores";
import { aboveZero, notTestable, type Verdict } from "./verdict";

export interface GeneralistRatio {
  points: RatioPoint[];
  verdicts: Verdict[];
}

const sweep = (preset: Preset): RatioSweep => ({ kind: "general", ...preset.experiments.generalistRatio });

/** What the first base is before any tuning. */
const untuned = (preset: Preset) => [startingPoint(preset, sweep(preset).bases[0]!)];

export const generalistRatio: Experiment<GeneralistRatio> = {
  name: "generalist-ratio",
  title: "The effect of generalist instruction data",
  reproduces: "Figure 3",
  published: ["figure-3"],
  claim: "With steps fixed, held-in scores fall as generalist data takes the place of trajectories.",

  runs: (preset) => [
    ...ratioRuns(preset, sweep(preset)),
    ...evaluations(withTest(preset, sweep(preset)), untuned(preset), preset.data.heldOut),
  ],

  async measure(preset) {
    const { points, at } = await measureRatio(preset, sweep(preset));
    return { points, verdicts: await verdicts(preset, at) };
  },

  draw: ({ points }, preset) => [
    drawRatio(preset, points, { name: "generalist-ratio", data: "generalist data" }),
  ],
};

async function verdicts(
  preset: Preset,
  at: Awaited<ReturnType<typeof measureRatio>>["at"],
): Promise<Verdict[]> {
  const { bases } = sweep(preset);
  const { least, little, most } = sharesOf(sweep(preset));
  const source = "figure-3";
  const found = bases.flatMap((base): Verdict[] => {
    const fall = aboveZero(
      {
        source,
        claim: "held-in falls as the share of ShareGPT rises",
        part: base,
        test: `held-in average at share ${least} − at share ${most}, paired by instance, is above 0`,
      },
      gain(at("in", base, least), at("in", base, most)),
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
      aboveZero(rise, gain(at("out", base, little), at("out", base, least))),
      aboveZero(
        {
          ...rise,
          part: `${base}, falls`,
          test: `held-out average at share ${little} − at share ${most}, paired by instance, is above 0`,
        },
        gain(at("out", base, little), at("out", base, most)),
      ),
    ];
  });
  const alone = {
    source,
    claim: "trajectories alone already lift held-out tasks",
    test: "held-out average, tuned on trajectories alone − base, paired by instance, is above 0",
  };
  if (least > 0 || preset.data.heldOut.length === 0)
    return [
      ...found,
      notTestable(alone, "no run is trained on trajectories alone and played on held-out tasks"),
    ];
  const before = await rewardsOf(withTest(preset, sweep(preset)), untuned(preset), preset.data.heldOut);
  return [...found, aboveZero(alone, gain(at("out", bases[0]!, 0), before))];
}
