/**
 * Tables 3, 4 and 9: which tasks and metrics, and how a base model fares tuned on nothing, on generalist data, on code,
 * on a little filtered agent data (as AgentLM) and on the whole bank (as SAMOYED).
 */
import type { Interval } from "../evaluation/bootstrap";
import { bootstrapSeeds, paired, type SeedRewards } from "../evaluation/seeds";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { publishedNumber, readPublished } from "../report/published";
import { readRewards } from "../runs/read";
import type { BaseSpec, TrainSpec } from "../runs/spec";
import { getTask } from "../tasks/registry";
import { type Skill, skills } from "../trajectory/schema";
import { aboveZero, type Experiment, toPoints, type Verdict } from "./experiment";
import type { Preset } from "./preset";
import { annotation, bank, base, evaluation, instructed, slice, tuned } from "./recipes";

export interface ModelResult {
  model: string;
  /** The published model in whose place it stands. */
  standsFor: string;
  seeds: number;
  /** By task, by skill (mean of its tasks) and over all held-in tasks; points with 95 % intervals. */
  tasks: Record<string, Interval>;
  skills: Partial<Record<Skill, Interval>>;
  average: Interval;
}

export interface MainResults {
  results: ModelResult[];
  verdicts: Verdict[];
}

/** Share of the preset's instances in the small bank. AgentLM's 1,866 of 51,287 would be .036: too few of a miniature. */
const SMALL_BANK = 0.1;

interface Contender {
  model: string;
  standsFor: string;
  seeds: (BaseSpec | TrainSpec)[];
}

/** The models of Table 4 as this preset has them. */
function contenders(preset: Preset): Contender[] {
  const whole = bank(preset);
  const few = preset.data.tasks.map((task) => {
    const filtered = annotation(preset, task, preset.data.train, { strategies: ["explore"] });
    return slice(filtered, 0, Math.ceil(preset.data.train * SMALL_BANK));
  });
  const [seed] = preset.seeds;
  return [
    { model: "base", standsFor: "Llama-2-7B-Chat", seeds: [base(preset)] },
    { model: "+ generalist", standsFor: "Vicuna-7B", seeds: [instructed(preset, "general")] },
    { model: "+ code", standsFor: "CodeLlama-7B", seeds: [instructed(preset, "code")] },
    {
      model: "+ few filtered (η = 0.2)",
      standsFor: "AgentLM-7B",
      seeds: [tuned(preset, { agent: few, mixture: { agent: 0.2, general: 0.8, code: 0 }, seed: seed! })],
    },
    {
      model: "+ bank",
      standsFor: "SAMOYED-7B",
      seeds: preset.seeds.map((seed) => tuned(preset, { agent: whole, seed })),
    },
  ];
}

/** The preset's tasks that the paper evaluates held in. Held-out tasks are those that the registry says so of. */
function heldIn(preset: Preset): string[] {
  return preset.data.tasks.filter((task) => getTask(task).evaluation?.held === "in");
}

export const mainResults: Experiment<MainResults> = {
  name: "main-results",
  title: "Main results",
  reproduces: "Tables 3, 4 and 9",
  published: ["table-3", "table-4", "table-9"],
  claim: "SAMOYED-7B averages 41.6 on held-in tasks where Llama-2-7B-Chat averages 6.2 and AgentLM-7B 26.7.",

  runs: (preset) =>
    contenders(preset).flatMap(({ seeds }) =>
      seeds.flatMap((model) => heldIn(preset).map((task) => evaluation(preset, model, task))),
    ),

  async measure(preset) {
    const tasks = heldIn(preset);
    const rewards: SeedRewards[][] = [];
    for (const { seeds } of contenders(preset)) {
      const ofTask = (task: string) =>
        Promise.all(seeds.map((model) => readRewards(evaluation(preset, model, task))));
      rewards.push(await Promise.all(tasks.map(ofTask)));
    }
    const results = contenders(preset).map(({ model, standsFor, seeds }, m): ModelResult => {
      const groups = rewards[m]!;
      const points = (some: readonly SeedRewards[]) => toPoints(bootstrapSeeds(some));
      const bySkill = skills
        .map((skill) => [skill, groups.filter((_, t) => getTask(tasks[t]!).skill === skill)] as const)
        .filter(([, some]) => some.length > 0);
      return {
        model,
        standsFor,
        seeds: seeds.length,
        tasks: Object.fromEntries(tasks.map((task, t) => [task, points([groups[t]!])])),
        skills: Object.fromEntries(bySkill.map(([skill, some]) => [skill, points(some)])),
        average: points(groups),
      };
    });
    const gain = (a: SeedRewards[], b: SeedRewards[]) =>
      toPoints(bootstrapSeeds(a.map((group, t) => paired(group, b[t]!))));
    const bankRewards = rewards.at(-1)!;
    const verdicts = [
      aboveZero(
        "Trajectory tuning lifts the base model on held-in tasks.",
        "Held-in average, bank − base, paired by instance: 95 % interval above 0.",
        gain(bankRewards, rewards[0]!),
      ),
      aboveZero(
        "A large bank beats few filtered trajectories.",
        "Held-in average, bank − few filtered, paired by instance: 95 % interval above 0.",
        gain(bankRewards, rewards[3]!),
      ),
    ];
    return { results, verdicts };
  },

  draw({ results }, preset) {
    const simulated = preset.teacher.kind === "simulated";
    const note = footnote({ preset: preset.name, simulated, seeds: preset.seeds.length, level: 0.95 });
    const covered = skills.filter((skill) => results.some((r) => r.skills[skill]));
    const cell = (interval: Interval | undefined) =>
      interval ? { mean: interval.mean, low: interval.low, high: interval.high } : null;
    const table4 = readPublished("table-4");
    const table9 = readPublished("table-9");
    const published = (model: string) => ({
      name: `${model} (published)`,
      values: [...covered, "average"].map((column) => publishedNumber(table4, { model, held: "in" }, column)),
      published: true,
    });
    const tasks = heldIn(preset);
    return [
      {
        name: "main-results",
        title: "Held-in scores by skill",
        caption: "Held-in scores (%) by skill and on average over tasks, 95 % intervals; Table 4 hatched.",
        draw: bars({
          title: "Held-in scores by skill",
          note,
          label: "Score",
          unit: "%",
          height: 3.4,
          categories: [...covered, "average"],
          series: [
            ...results.map((r) => ({
              name: r.model,
              values: [...covered.map((skill) => cell(r.skills[skill])), cell(r.average)],
            })),
            published("SAMOYED-7B"),
          ],
        }),
        rows: results.map(({ model, standsFor, seeds, ...r }) => ({
          model,
          standsFor,
          seeds,
          ...Object.fromEntries(tasks.map((task) => [getTask(task).title, cell(r.tasks[task])])),
          average: cell(r.average),
          publishedAverage: publishedNumber(table9, { model: standsFor }, "average"),
        })),
      },
    ];
  },
};
