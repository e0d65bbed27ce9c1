/**
 * Figure 2 (section 5.1): which base gains how much from the bank, on held-in and on held-out tasks. Bases that a
 * preset does not bring are derived from its first one: `generalist` (in the place of Vicuna-7B), `code` (CodeLlama-7B),
 * and `scratch`, random weights, the weakest base that there can be.
 */
import type { Interval } from "../evaluation/bootstrap";
import { bootstrapStatistic, paired, type SeedRewards } from "../evaluation/seeds";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { readPublished } from "../report/published";
import type { ModelSpec } from "../runs/spec";
import type { Drawn, Experiment } from "./experiment";
import type { Preset } from "./preset";
import { bank, half, startingPoint, tuned, withTest } from "./recipes";
import { average, bounds, evaluations, gain, relativeGain, rewardsOf, toPoints } from "./scores";
import { aboveZero, allAboveZero, containsZero, notTestable, type Verdict } from "./verdict";

export interface BaseModelRow {
  base: string;
  /** The published model in whose place it stands; null where there is none. */
  standsFor: string | null;
  held: "in" | "out";
  /** Average over tasks before and after tuning, and the paired difference, in points. */
  before: Interval;
  after: Interval;
  gain: Interval;
  /** The same in % of `before`; null where that may be 0. */
  relative: Interval | null;
  seeds: number;
}

export interface BaseModels {
  rows: BaseModelRow[];
  verdicts: Verdict[];
}

/** Rewards before and after, a group a task. */
type Pair = Record<"before" | "after", SeedRewards[]>;

/** A base by name, and the models tuned on the bank from it, one a seed. Table 5 reads the same runs. */
export function beforeAndAfter(preset: Preset, name: string): Record<"before" | "after", ModelSpec[]> {
  const { seeds, budget } = preset.experiments.baseModels;
  const base = startingPoint(preset, name);
  return {
    before: [base],
    after: seeds.map((seed) => tuned(preset, { agent: bank(preset), base, seed, budget })),
  };
}

/** The preset with this experiment's number of test instances. */
export const sized = (preset: Preset) => withTest(preset, preset.experiments.baseModels);

/** The base tuned on conversations, or on code, as the preset's bases name it; null where none of them is. */
function tunedBefore(preset: Preset, kind: "general" | "code"): string | null {
  const names = [preset.instructed?.[kind], kind === "general" ? "generalist" : "code"];
  return preset.experiments.baseModels.bases.find((base) => names.includes(base)) ?? null;
}

/** The published model in whose place a base stands; one that bears a published name stands for itself. */
function standsFor(preset: Preset, name: string): string | null {
  if (name === tunedBefore(preset, "general")) return "Vicuna-7B";
  if (name === tunedBefore(preset, "code")) return "CodeLlama-7B";
  if (name === preset.bases[0]!.name) return "Llama-2-7B-Chat";
  const printed = ["figure-2", "table-4"].flatMap((table) =>
    readPublished(table).rows.map((row) => String(row["base"] ?? row["model"])),
  );
  return printed.find((model) => model.toLowerCase() === name.toLowerCase()) ?? null;
}

export const baseModels: Experiment<BaseModels> = {
  name: "base-models",
  title: "Which base gains how much",
  reproduces: "Figure 2",
  published: ["figure-2", "table-4", "table-5"],
  claim: "Every base gains, weaker ones more: Llama-2 442 % on held-out tasks, Mistral 24 %.",

  runs: (preset) =>
    preset.experiments.baseModels.bases.flatMap((name) => {
      const { before, after } = beforeAndAfter(preset, name);
      return evaluations(
        sized(preset),
        [...before, ...after],
        [...half(preset, "in"), ...half(preset, "out")],
      );
    }),

  async measure(preset) {
    const { bases } = preset.experiments.baseModels;
    const rows: BaseModelRow[] = [];
    const pairs = new Map<string, Pair>();
    for (const held of ["in", "out"] as const) {
      const tasks = half(preset, held);
      if (tasks.length === 0) continue;
      for (const base of bases) {
        const models = beforeAndAfter(preset, base);
        const before = await rewardsOf(sized(preset), models.before, tasks);
        const after = await rewardsOf(sized(preset), models.after, tasks);
        pairs.set(`${base}/${held}`, { before, after });
        rows.push({
          base,
          standsFor: standsFor(preset, base),
          held,
          before: average(before),
          after: average(after),
          gain: gain(after, before),
          relative: relativeGain(after, before),
          seeds: after[0]!.length,
        });
      }
    }
    return { rows, verdicts: verdicts(preset, (base, held) => pairs.get(`${base}/${held}`)) };
  },

  draw: ({ rows }, preset) =>
    (["in", "out"] as const).flatMap((held) => {
      const own = rows.filter((row) => row.held === held);
      return own.length === 0 ? [] : [drawHalf(preset, held, own)];
    }),
};

function drawHalf(preset: Preset, held: "in" | "out", rows: readonly BaseModelRow[]): Drawn {
  const simulated = preset.teacher.kind === "simulated";
  const note = footnote({ preset: preset.name, simulated, seeds: rows[0]!.seeds, level: 0.95 });
  const printed = rows.map((row) => publishedScores(row.standsFor, held));
  const title = `Bases before and after tuning on the bank, held-${held}`;
  return {
    name: held === "in" ? "base-models" : "base-models-held-out",
    title,
    caption: `Average over held-${held} tasks (%), 95 % intervals; hatched: Tables 4 and 5.`,
    draw: bars({
      title,
      note,
      label: "Average score",
      unit: "%",
      categories: rows.map((row) => row.base),
      series: [
        { name: "base", values: rows.map((row) => bounds(row.before)) },
        { name: "+ bank", values: rows.map((row) => bounds(row.after)) },
        { name: "base (published)", values: printed.map((p) => p.before), published: true },
        { name: "+ SUPERAGENT (published)", values: printed.map((p) => p.after), published: true },
      ],
    }),
    rows: rows.map(({ before, after, gain, relative, ...row }, i) => ({
      ...row,
      before: bounds(before),
      after: bounds(after),
      gain: bounds(gain),
      relativeGain: relative && bounds(relative),
      publishedBefore: printed[i]!.before,
      publishedAfter: printed[i]!.after,
      publishedRelativeGain: held === "out" ? printed[i]!.gain : null,
    })),
  };
}

/** What the paper prints of a base: averages in Table 4, after tuning also Table 5's tasks, gains in Figure 2's text. */
function publishedScores(model: string | null, held: "in" | "out") {
  const number = (table: string, where: Record<string, string | boolean>, column: string) => {
    const row = readPublished(table).rows.find((r) => Object.entries(where).every(([k, v]) => r[k] === v));
    const value = row?.[column];
    return typeof value === "number" ? value : null;
  };
  if (model === null) return { before: null, after: null, gain: null };
  const skills = ["reasoning", "math", "programming", "web", "embodied"];
  const tasks = skills.map((skill) => number("table-5", { base: model, tuned: true }, skill));
  const ofTasks = tasks.every((score) => score !== null) ? tasks.reduce((a, b) => a + b, 0) / 5 : null;
  return {
    before: number("table-4", { model, held }, "average"),
    after:
      model === "Llama-2-7B-Chat"
        ? number("table-4", { model: "SAMOYED-7B", held }, "average")
        : held === "out"
          ? ofTasks
          : null,
    gain: number("figure-2", { base: model }, "gain"),
  };
}

function verdicts(preset: Preset, pairOf: (base: string, held: "in" | "out") => Pair | undefined): Verdict[] {
  const { bases, weaker, stronger } = preset.experiments.baseModels;
  const learnt = bases.filter((name) => name !== "scratch");
  const source = "figure-2";
  return (["in", "out"] as const).flatMap((held): Verdict[] => {
    const every = {
      source,
      claim: "every base gains on held-in and held-out tasks",
      part: `held-${held}`,
      test: `held-${held} average, tuned − base, paired by instance, is above 0 for each of ${learnt.join(", ")}`,
    };
    const more = {
      source,
      claim: "weaker bases gain more",
      part: `held-${held}, ${weaker} and ${stronger}`,
      ...(held === "out" && { published: "442 % (Llama-2) against 24 % (Mistral)" }),
      test: `gain of ${weaker} − gain of ${stronger}, in % of their scores before tuning, or in points where one of these may be 0, is above 0`,
    };
    const alike = {
      source,
      claim: "Vicuna and Llama-2 end up alike after tuning",
      part: `held-${held}`,
      test: `the interval of the held-${held} average, tuned generalist − tuned ${preset.bases[0]!.name}, paired by instance, contains 0`,
    };
    const found = learnt.flatMap((name) => pairOf(name, held) ?? []);
    if (found.length === 0)
      return [every, more, alike].map((s) => notTestable(s, `the preset has no held-${held} task`));
    const [weak, strong] = [pairOf(weaker, held), pairOf(stronger, held)];
    const chat = tunedBefore(preset, "general");
    const [plain, generalist] = [pairOf(preset.bases[0]!.name, held), chat && pairOf(chat, held)];
    return [
      allAboveZero(
        every,
        found.map(({ after, before }) => gain(after, before)),
      ),
      weak && strong
        ? aboveZero(more, ...differenceOfGains(weak, strong))
        : notTestable(more, `${weaker} and ${stronger} are not both among the preset's bases`),
      plain && generalist
        ? containsZero(
            alike,
            gain(generalist.after, plain.after),
            "a wide interval contains 0 too: compare its width with the gains",
          )
        : notTestable(alike, "no base tuned on generalist conversations is among the preset's bases"),
    ];
  });
}

/** How much more `a` gains than `b`: in % of the scores before where both are above 0, else in points; and which. */
function differenceOfGains(a: Pair, b: Pair): [Interval, string] {
  const relative = bootstrapStatistic(
    [a.before, a.after, b.before, b.after],
    ([a0, a1, b0, b1]) => a1! / a0! - b1! / b0!,
  );
  if (relative) return [toPoints(relative), "in %"];
  const gains = ({ before, after }: Pair) => after.map((group, t) => paired(group, before[t]!));
  return [gain(gains(a), gains(b)), "in points: a score before tuning may be 0"];
}
