/**
 * Table 6 (appendix B): does keeping only what the teacher solved make the training set easier than the test set?
 *
 * Two banks of WebShop trajectories from the same instances: one explored and filtered by full reward, as AgentTuning
 * builds AgentInstruct, and one annotated by the paper's pipeline, which loses no instance for being hard. Each gives
 * a training set and a pseudo test set; the test set is the task's own. Δ1 = R_pseudo − R_train says how much better
 * an agent is where it was trained, Δ2 = R_test − R_train adds how much harder the test set is.
 */
import { FULL_REWARD } from "../annotate/plan";
import type { Interval } from "../evaluation/bootstrap";
import { bootstrapSeeds, type SeedRewards } from "../evaluation/seeds";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { publishedNumber, readPublished } from "../report/published";
import { readBank, readRewards } from "../runs/read";
import type { AnnotateSpec, BaseSpec, TrainSpec } from "../runs/spec";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { annotation, base, evaluationOn, instancesOf, slice, tuned } from "./recipes";
import { bounds, toPoints } from "./scores";
import { aboveZero, containsZero, type Verdict } from "./verdict";

const TASK = "webshop";

export interface DifficultyBiasRow {
  /** How the bank was annotated. */
  dataset: "explore and filter" | "unbiased";
  tuned: boolean;
  train: Interval;
  pseudo: Interval;
  test: Interval;
  /** R_pseudo − R_train, and R_test − R_train, in points. */
  delta1: Interval;
  delta2: Interval;
}

export interface DifficultyBias {
  rows: DifficultyBiasRow[];
  /** Mean difficulty of the generated instances that each bank kept, and the share of instances that it kept. */
  banks: { dataset: DifficultyBiasRow["dataset"]; kept: number; of: number; difficulty: number | null }[];
  verdicts: Verdict[];
}

function arms(preset: Preset): { dataset: DifficultyBiasRow["dataset"]; from: AnnotateSpec }[] {
  const { annotated } = preset.experiments.difficultyBias;
  const filtered = { strategies: ["explore"], rewardAbove: FULL_REWARD } as const;
  return [
    { dataset: "explore and filter", from: annotation(preset, TASK, annotated, filtered) },
    { dataset: "unbiased", from: annotation(preset, TASK, annotated) },
  ];
}

/** The three sets of one bank, and the models that are measured on them. */
function plan(preset: Preset, from: AnnotateSpec) {
  const { train, pseudo, test, seeds, budget } = preset.experiments.difficultyBias;
  const sets = {
    train: slice(from, 0, train),
    pseudo: slice(from, train, pseudo),
    test: instancesOf(preset, TASK, "test", test),
  };
  const agentOnly = { agent: 1, general: 0, code: 0 };
  const models: { tuned: boolean; seeds: (BaseSpec | TrainSpec)[] }[] = [
    { tuned: false, seeds: [base(preset)] },
    {
      tuned: true,
      seeds: seeds.map((seed) => tuned(preset, { agent: [sets.train], mixture: agentOnly, seed, budget })),
    },
  ];
  return { sets, models };
}

export const difficultyBias: Experiment<DifficultyBias> = {
  name: "difficulty-bias",
  title: "Difficulty bias in trajectory collection",
  reproduces: "Table 6",
  published: ["table-6"],
  claim:
    "Instances kept for the teacher's success are easier than the test set; answer forcing and reformat avoid it.",

  runs: (preset) =>
    arms(preset).flatMap(({ from }) => {
      const { sets, models } = plan(preset, from);
      return models.flatMap(({ seeds }) =>
        seeds.flatMap((model) => Object.values(sets).map((set) => evaluationOn(preset, model, set))),
      );
    }),

  async measure(preset) {
    const rows: DifficultyBiasRow[] = [];
    const banks: DifficultyBias["banks"] = [];
    const gaps: Interval[] = [];
    for (const { dataset, from } of arms(preset)) {
      const { sets, models } = plan(preset, from);
      for (const { tuned, seeds } of models) {
        const rewards = async (set: keyof typeof sets): Promise<SeedRewards> =>
          Promise.all(seeds.map((model) => readRewards(evaluationOn(preset, model, sets[set]))));
        const [train, pseudo, test] = [
          await rewards("train"),
          await rewards("pseudo"),
          await rewards("test"),
        ];
        const points = (groups: SeedRewards[], weights?: number[]) =>
          toPoints(bootstrapSeeds(groups, weights));
        rows.push({
          dataset,
          tuned,
          train: points([train]),
          pseudo: points([pseudo]),
          test: points([test]),
          delta1: points([pseudo, train], [1, -1]),
          delta2: points([test, train], [1, -1]),
        });
        if (tuned) gaps.push(points([pseudo, test], [1, -1]));
      }
      const kept = await readBank(from);
      banks.push({ dataset, kept: kept.length, of: from.instances.count, difficulty: meanDifficulty(kept) });
    }
    return { rows, banks, verdicts: verdicts(gaps[0]!, gaps[1]!) };
  },

  draw({ rows }, preset) {
    const { seeds } = preset.experiments.difficultyBias;
    const simulated = preset.teacher.kind === "simulated";
    const note = footnote({ preset: preset.name, simulated, seeds: seeds.length, level: 0.95 });
    const table = readPublished("table-6");
    const published = { "explore and filter": "AgentInstruct", unbiased: "SUPERAGENT" } as const;
    const cells = rows.map(({ train, pseudo, test, delta1, delta2, ...row }) => ({
      ...row,
      train: bounds(train),
      pseudo: bounds(pseudo),
      test: bounds(test),
      delta1: bounds(delta1),
      delta2: bounds(delta2),
    }));
    const ofTuned = cells.filter((row) => row.tuned);
    const deltas = (dataset: DifficultyBiasRow["dataset"]) =>
      ["delta1", "delta2"].map((d) =>
        publishedNumber(table, { dataset: published[dataset], tuned: true }, d),
      );
    return [
      {
        name: "difficulty-bias",
        title: "Reward on the three sets",
        caption: "Average WebShop reward (%) of base and tuned agents on each bank's sets, 95 % intervals.",
        draw: bars({
          title: "WebShop reward on the three sets",
          note,
          label: "Average reward",
          unit: "%",
          categories: ["train", "pseudo test", "test"],
          series: cells.map((row) => ({
            name: `${row.dataset}, ${row.tuned ? "tuned" : "base"}`,
            values: [row.train, row.pseudo, row.test],
          })),
        }),
        rows: cells,
      },
      {
        name: "difficulty-bias-delta",
        title: "Δ1 and Δ2 of the tuned agents",
        caption: "Δ1 = R_pseudo − R_train and Δ2 = R_test − R_train in points, measured beside Table 6.",
        draw: bars({
          title: "Δ1 and Δ2 of the tuned agents",
          note,
          label: "Difference in reward",
          unit: "points",
          categories: ["Δ1 = pseudo − train", "Δ2 = test − train"],
          series: ofTuned.flatMap((row) => [
            { name: row.dataset, values: [row.delta1, row.delta2] },
            { name: `${published[row.dataset]} (published)`, values: deltas(row.dataset), published: true },
          ]),
        }),
        rows: ofTuned.map(({ dataset, delta1, delta2 }) => ({ dataset, delta1, delta2 })),
      },
    ];
  },
};

function verdicts(filtered: Interval, unbiased: Interval): Verdict[] {
  const source = "table-6";
  return [
    aboveZero(
      {
        source,
        claim:
          "trajectories kept for the teacher's success are easier than the test set: the test set falls behind the pseudo test set",
        published: "72.6 − 62.4 = 10.2 (AgentInstruct)",
        test: "for the tuned agent R_pseudo − R_test of the filtered bank, in points, is above 0",
      },
      filtered,
    ),
    containsZero(
      {
        source,
        claim:
          "annotation without that filter removes the difference: both fall behind the training set alike",
        published: "62.3 − 62.8 = −0.5 (SUPERAGENT)",
        test: "the interval of R_pseudo − R_test of the unbiased bank, in points, contains 0",
      },
      unbiased,
      "a wide interval contains 0 too: compare its width with the filtered bank's",
    ),
  ];
}

function meanDifficulty(trajectories: readonly { difficulty: number | null }[]): number | null {
  const known = trajectories.flatMap((t) => (t.difficulty === null ? [] : [t.difficulty]));
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}
