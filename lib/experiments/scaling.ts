/**
 * Figure 5 (section 5.4): how held-out scores grow with the number of tasks, the skills covered staying the same, and
 * with the number of trajectories. Every training reads the same number of tokens, so that fewer trajectories are read
 * more often; more tasks share the same number of trajectories.
 */
import type { Interval } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { footnote } from "../report/figures/figure";
import { lines } from "../report/figures/lines";
import { readSlice } from "../runs/read";
import type { TrainSpec } from "../runs/spec";
import { levels, sharedOut } from "./breadth";
import type { Drawn, Experiment } from "./experiment";
import type { Preset } from "./preset";
import { half, trajectoriesOf, tuned, withTest } from "./recipes";
import { average, bounds, evaluations, gain, rewardsOf } from "./scores";
import { aboveZero, notTestable, type Verdict } from "./verdict";

export interface ScalingPoint {
  axis: "tasks" | "trajectories";
  tasks: number;
  trajectories: number;
  held: "in" | "out";
  /** Average in points: of held-out tasks, or of the held-in tasks that every point of the axis is trained on. */
  score: Interval;
  seeds: number;
}

export interface Scaling {
  points: ScalingPoint[];
  verdicts: Verdict[];
}

/** A point of an axis: the models, one a seed, and what they are evaluated on. */
interface Arm {
  axis: ScalingPoint["axis"];
  tasks: number;
  models: TrainSpec[];
  evaluated: Record<"in" | "out", string[]>;
}

/** Both axes, each from the fewest to the most. */
function arms(preset: Preset): Arm[] {
  const { tasks, trajectories, budget } = preset.experiments.scaling;
  const models = (agent: TrainSpec["agent"], seeds: readonly number[]) =>
    seeds.map((seed) => tuned(preset, { agent, seed, budget }));
  const heldIn = half(preset, "in");
  const out = half(preset, "out");
  const [first = []] = tasks.groups;
  return [
    ...levels(tasks.groups).map((level): Arm => {
      const agent = trajectoriesOf(preset, sharedOut(level, tasks.trajectories), tasks.annotated);
      return {
        axis: "tasks",
        tasks: level.length,
        models: models(agent, tasks.seeds),
        evaluated: { in: heldIn.filter((task) => first.includes(task)), out },
      };
    }),
    ...trajectories.perTask.map((count, k, all): Arm => {
      const ends = k === 0 || k === all.length - 1;
      const counts = Object.fromEntries(trajectories.tasks.map((task) => [task, count]));
      return {
        axis: "trajectories",
        tasks: trajectories.tasks.length,
        models: models(
          trajectoriesOf(preset, counts),
          ends ? trajectories.seeds : trajectories.seeds.slice(0, 1),
        ),
        evaluated: { in: heldIn.filter((task) => trajectories.tasks.includes(task)), out },
      };
    }),
  ];
}

/** How many trajectories a model is trained on. */
async function countOf(model: TrainSpec): Promise<number> {
  const parts = await Promise.all(model.agent.map(readSlice));
  return parts.reduce((sum, part) => sum + part.length, 0);
}

export const scaling: Experiment<Scaling> = {
  name: "scaling",
  title: "Scaling trends of generalization",
  reproduces: "Figure 5",
  published: ["figure-5", "agentbank-card"],
  claim: "More tasks, with the same skills covered, and more trajectories lift held-out tasks.",

  runs: (preset) =>
    arms(preset).flatMap(({ models, evaluated }) =>
      evaluations(withTest(preset, preset.experiments.scaling), models, [...evaluated.in, ...evaluated.out]),
    ),

  async measure(preset) {
    const played = withTest(preset, preset.experiments.scaling);
    const points: ScalingPoint[] = [];
    const rewards: { axis: ScalingPoint["axis"]; held: "in" | "out"; groups: SeedRewards[] }[] = [];
    for (const { axis, tasks, models, evaluated } of arms(preset)) {
      const trajectories = await countOf(models[0]!);
      for (const held of ["in", "out"] as const) {
        if (evaluated[held].length === 0) continue;
        const groups = await rewardsOf(played, models, evaluated[held]);
        rewards.push({ axis, held, groups });
        points.push({ axis, tasks, trajectories, held, score: average(groups), seeds: models.length });
      }
    }
    const ends = (axis: ScalingPoint["axis"], held: "in" | "out") => {
      const own = rewards.filter((r) => r.axis === axis && r.held === held);
      return own.length > 0 ? { fewest: own[0]!.groups, most: own.at(-1)!.groups } : null;
    };
    return { points, verdicts: verdicts(preset, ends) };
  },

  draw: ({ points }, preset) => [
    draw(preset, points, "tasks", "number of tasks"),
    draw(preset, points, "trajectories", "number of trajectories"),
  ],
};

function draw(
  preset: Preset,
  points: readonly ScalingPoint[],
  axis: ScalingPoint["axis"],
  what: string,
): Drawn {
  const own = points.filter((point) => point.axis === axis);
  const note = footnote({
    preset: preset.name,
    simulated: preset.teacher.kind === "simulated",
    seeds: Math.max(...own.map((point) => point.seeds)),
    level: 0.95,
  });
  const title = `Score against the ${what}`;
  return {
    name: `scaling-${axis}`,
    title,
    caption: `Average over tasks (%) against the ${what} at a fixed training budget, 95 % intervals.`,
    draw: lines({
      title,
      note,
      label: "Average score",
      unit: "%",
      xLabel: `${what[0]!.toUpperCase()}${what.slice(1)}`,
      logX: axis === "trajectories",
      series: (["in", "out"] as const).map((held) => ({
        name: `held-${held}`,
        points: own
          .filter((point) => point.held === held)
          .map(({ score, ...point }) => ({ x: point[axis], y: bounds(score) })),
      })),
    }),
    rows: own.map(({ score, axis: _, ...point }) => ({ ...point, score: bounds(score) })),
  };
}

type Ends = { fewest: SeedRewards[]; most: SeedRewards[] } | null;

function verdicts(preset: Preset, ends: (axis: ScalingPoint["axis"], held: "in" | "out") => Ends): Verdict[] {
  const { tasks, trajectories } = preset.experiments.scaling;
  const sizes = levels(tasks.groups).map((level) => level.length);
  const counts = `${trajectories.perTask.at(-1)} − ${trajectories.perTask[0]} trajectories a task`;
  const missing = "the preset has no such task";
  const judge = (statement: Parameters<typeof aboveZero>[0], found: Ends, note?: string) =>
    found ? aboveZero(statement, gain(found.most, found.fewest), note) : notTestable(statement, missing);
  return [
    judge(
      {
        source: "figure-5",
        claim: "more tasks, with the same skills covered, lift held-out tasks",
        test: `held-out average, ${sizes.at(-1)} − ${sizes[0]} tasks of the same skills that share ${tasks.trajectories} trajectories, paired by instance, is above 0`,
      },
      ends("tasks", "out"),
    ),
    judge(
      {
        source: "figure-5",
        claim: "more trajectories lift held-out tasks",
        test: `held-out average, ${counts}, paired by instance, is above 0`,
      },
      ends("trajectories", "out"),
    ),
    judge(
      {
        source: "agentbank-card",
        claim: "scaling trajectory data improves agent capabilities",
        part: "held-in tasks, which Figure 5 leaves out",
        test: `held-in average, ${counts}, paired by instance, is above 0`,
      },
      ends("trajectories", "in"),
    ),
  ];
}
