/**
 * A question of a summary of the paper: do gains from scaling come from the breadth of tasks or from sheer volume? One
 * axis keeps the number of trajectories and spreads it over more tasks, the other keeps the tasks and takes more
 * trajectories of each. Every training reads the same number of tokens.
 */
import type { Interval } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { lines } from "../report/figures/lines";
import { readSlice } from "../runs/read";
import type { TrainSpec } from "../runs/spec";
import { levels, sharedOut } from "./breadth";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { half, trajectoriesOf, tuned, withTest } from "./recipes";
import { average, bounds, evaluations, gain, rewardsOf } from "./scores";
import { aboveZero, notTestable, type Verdict } from "./verdict";

/** What is averaged over: the tasks that every arm is trained on, those that the wider arms add, and the unseen ones. */
const views = ["first group", "other held-in", "held-out"] as const;
type View = (typeof views)[number];
type Axis = "breadth" | "volume";

export interface DiversityArm {
  axis: Axis;
  tasks: number;
  trajectories: number;
  /** Average in points. */
  scores: Partial<Record<View, Interval>>;
  seeds: number;
}

export interface Diversity {
  arms: DiversityArm[];
  /** The last arm of an axis − its first, in points, paired by instance. */
  effects: { axis: Axis; from: string; to: string; effects: Partial<Record<View, Interval>> }[];
  verdicts: Verdict[];
}

interface Arm {
  axis: Axis;
  tasks: readonly string[];
  models: TrainSpec[];
}

/** The arms of both axes, each from the fewest tasks or trajectories to the most. */
function plan(preset: Preset): Arm[] {
  const { trajectories, groups, annotated, perTask, seeds, budget } = preset.experiments.diversity;
  const models = (agent: TrainSpec["agent"]) => seeds.map((seed) => tuned(preset, { agent, seed, budget }));
  const [first = []] = groups;
  return [
    ...levels(groups).map((level): Arm => {
      const agent = trajectoriesOf(preset, sharedOut(level, trajectories), annotated);
      return { axis: "breadth", tasks: level, models: models(agent) };
    }),
    ...perTask.map((count): Arm => {
      const agent = trajectoriesOf(preset, Object.fromEntries(first.map((task) => [task, count])));
      return { axis: "volume", tasks: first, models: models(agent) };
    }),
  ];
}

/** The tasks of a view. */
function tasksOf(preset: Preset, view: View): string[] {
  if (view === "held-out") return half(preset, "out");
  const inFirst = (task: string) => preset.experiments.diversity.groups[0]!.includes(task);
  return half(preset, "in").filter((task) => inFirst(task) === (view === "first group"));
}

const played = (preset: Preset) => withTest(preset, preset.experiments.diversity);

export const diversity: Experiment<Diversity> = {
  name: "diversity",
  title: "Breadth of tasks or volume of trajectories",
  reproduces: "A question of the AgentBank card",
  published: ["agentbank-card"],
  claim:
    "Breadth of tasks lets the model transfer to unseen tasks; whether breadth or volume counts was left open.",

  runs: (preset) =>
    plan(preset).flatMap(({ models }) =>
      evaluations(played(preset), models, [...half(preset, "in"), ...half(preset, "out")]),
    ),

  async measure(preset) {
    const arms: DiversityArm[] = [];
    const rewards: Partial<Record<View, SeedRewards[]>>[] = [];
    for (const { axis, tasks, models } of plan(preset)) {
      const found: Partial<Record<View, SeedRewards[]>> = {};
      for (const view of views) {
        const own = tasksOf(preset, view);
        if (own.length > 0) found[view] = await rewardsOf(played(preset), models, own);
      }
      const parts = await Promise.all(models[0]!.agent.map(readSlice));
      rewards.push(found);
      arms.push({
        axis,
        tasks: tasks.length,
        trajectories: parts.reduce((sum, part) => sum + part.length, 0),
        scores: Object.fromEntries(Object.entries(found).map(([view, groups]) => [view, average(groups)])),
        seeds: models.length,
      });
    }
    const effects = (["breadth", "volume"] as const).map((axis) => {
      const own = arms.flatMap((arm, i) => (arm.axis === axis ? [{ ...arm, rewards: rewards[i]! }] : []));
      const [first, last] = [own[0]!, own.at(-1)!];
      const of = views.filter((view) => first.rewards[view]);
      return {
        axis,
        from: describe(first),
        to: describe(last),
        effects: Object.fromEntries(
          of.map((view) => [view, gain(last.rewards[view]!, first.rewards[view]!)]),
        ),
      };
    });
    return { arms, effects, verdicts: verdicts(effects[0]!) };
  },

  draw({ arms, effects }, preset) {
    const note = footnote({
      preset: preset.name,
      simulated: preset.teacher.kind === "simulated",
      seeds: preset.experiments.diversity.seeds.length,
      level: 0.95,
    });
    const cells = <T>(scores: Partial<Record<View, Interval>>, of: (interval: Interval) => T) =>
      Object.fromEntries(Object.entries(scores).map(([view, interval]) => [view, of(interval)]));
    const broad = arms.filter((arm) => arm.axis === "breadth");
    const shown = views.filter((view) => broad[0]!.scores[view]);
    return [
      {
        name: "diversity",
        title: "The same number of trajectories from more tasks",
        caption: `Average over tasks (%) when ${broad[0]!.trajectories} trajectories come from more tasks, 95 % intervals.`,
        draw: lines({
          title: "The same number of trajectories from more tasks",
          note,
          label: "Average score",
          unit: "%",
          xLabel: "Tasks that the trajectories come from",
          series: shown.map((view) => ({
            name: view,
            points: broad.map((arm) => ({ x: arm.tasks, y: bounds(arm.scores[view]!) })),
          })),
        }),
        rows: arms.map(({ scores, ...arm }) => ({ ...arm, ...cells(scores, bounds) })),
      },
      {
        name: "diversity-effects",
        title: "What breadth and what volume change",
        caption: "Difference between the ends of either axis in points, paired, 95 % intervals.",
        draw: bars({
          title: "What breadth and what volume change",
          note,
          label: "Difference in score",
          unit: "points",
          categories: shown,
          series: effects.map(({ axis, from, to, effects }) => ({
            name: `${axis}: ${from} to ${to}`,
            values: shown.map((view) => (effects[view] ? bounds(effects[view]) : null)),
          })),
        }),
        rows: effects.map(({ effects, ...effect }) => ({ ...effect, ...cells(effects, bounds) })),
      },
    ];
  },
};

const describe = ({ trajectories, tasks }: DiversityArm) =>
  `${trajectories} of ${tasks} task${tasks === 1 ? "" : "s"}`;

function verdicts({ from, to, effects }: Diversity["effects"][number]): Verdict[] {
  const statement = {
    source: "agentbank-card",
    claim: "breadth of tasks lets the model transfer to unseen tasks of the same skills",
    test: `held-out average, trajectories ${to} − ${from}, paired by instance, is above 0`,
  };
  const outside = effects["held-out"];
  return [
    outside ? aboveZero(statement, outside) : notTestable(statement, "the preset has no held-out task"),
  ];
}
