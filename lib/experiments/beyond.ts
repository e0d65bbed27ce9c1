/**
 * Beyond the papers: what their limitations leave open. Reflexion, ReWOO, two agents in the place of one, learning from
 * the agent's own exploration (ETO), and larger models, each set against the tuned agent of the main results.
 */
import type { Interval } from "../evaluation/bootstrap";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { lines } from "../report/figures/lines";
import { armEvaluations, arms, explorations } from "./beyond/arms";
import { type ArmMeasures, measureArms } from "./beyond/measure";
import { measureSizes, type SizeRow, sizeRuns } from "./beyond/sizes";
import { verdictsOf } from "./beyond/verdicts";
import type { Drawn, Experiment } from "./experiment";
import type { Preset } from "./preset";
import { bounds } from "./scores";
import type { Verdict } from "./verdict";

export interface Beyond
  extends Pick<ArmMeasures, "rows" | "curves" | "plannable" | "contrasts" | "preference"> {
  sizes: SizeRow[];
  verdicts: Verdict[];
}

export const beyond: Experiment<Beyond> = {
  name: "beyond",
  title: "Beyond the papers",
  reproduces: "Open questions",
  published: ["open-questions", "agenttuning-open-questions"],
  claim:
    "What the papers leave open: mechanisms around the agent, learning from failures, several agents, size.",

  runs: (preset) => [
    ...arms(preset).flatMap((arm) => arm.tasks.flatMap((task) => armEvaluations(preset, arm, task))),
    ...preset.experiments.beyond.seeds.flatMap((seed) => explorations(preset, seed)),
    ...sizeRuns(preset),
  ],

  async measure(preset) {
    const [measured, sizes] = [await measureArms(preset), await measureSizes(preset)];
    const { rows, curves, plannable, contrasts, preference } = measured;
    const verdicts = verdictsOf(measured, sizes);
    return { rows, curves, plannable, contrasts, preference, sizes: sizes.rows, verdicts };
  },

  draw: (measured, preset) => [
    ...armFigures(measured, preset),
    trialFigure(measured, preset),
    ...(measured.sizes.length > 0 ? [sizeFigure(measured, preset)] : []),
  ],
};

const noteOf = (preset: Preset) =>
  footnote({
    preset: preset.name,
    simulated: preset.teacher.kind === "simulated",
    seeds: preset.experiments.beyond.seeds.length,
    level: 0.95,
  });

const cell = (interval: Interval | null) => interval && bounds(interval);

function armFigures({ rows }: Beyond, preset: Preset): Drawn[] {
  const note = noteOf(preset);
  const others = rows.filter((row) => row.gain);
  const gains = "Gain over the tuned agent";
  const calls = "Calls of a model in an episode";
  return [
    {
      name: "beyond-gain",
      title: gains,
      caption:
        "Points on the same tasks, paired by instance, 95 % intervals. What was trained beyond the tuned agent stands beside the tuned agent trained on for as long, too.",
      draw: bars({
        title: gains,
        note,
        label: "Difference in score",
        unit: "points",
        height: 3.6,
        categories: others.map((row) => row.arm),
        series: [
          { name: "over the tuned agent", values: others.map((row) => cell(row.gain)) },
          {
            name: "over the tuned agent trained on",
            values: others.map((row) => cell(row.gainOverTraining)),
          },
        ],
      }),
      rows: rows.map(({ score, gain, gainOverTraining, calls, read, written, ...row }) => ({
        ...row,
        score: bounds(score),
        gain: cell(gain),
        gainOverTraining: cell(gainOverTraining),
        calls: bounds(calls),
        tokensRead: bounds(read),
        tokensWritten: bounds(written),
      })),
    },
    {
      name: "beyond-cost",
      title: calls,
      caption: "Average over tasks, 95 % intervals: what a gain is paid with.",
      draw: bars({
        title: calls,
        note,
        label: "Calls",
        unit: "an episode",
        categories: rows.map((row) => row.arm),
        series: [{ name: "calls", values: rows.map((row) => bounds(row.calls)) }],
      }),
      rows: rows.map(({ arm, models, calls, read, written }) => ({
        arm,
        models,
        calls: bounds(calls),
        tokensRead: bounds(read),
        tokensWritten: bounds(written),
      })),
    },
  ];
}

function trialFigure({ curves }: Beyond, preset: Preset): Drawn {
  const title = "Score after each trial";
  return {
    name: "beyond-trials",
    title,
    caption: "Average over tasks (%) where an oracle says when to stop, 95 % intervals.",
    draw: lines({
      title,
      note: noteOf(preset),
      label: "Average score",
      unit: "%",
      xLabel: "Trials",
      xUnit: "at most",
      series: curves.map(({ arm, scores }) => ({
        name: arm,
        points: scores.map((score, k) => ({ x: k + 1, y: bounds(score) })),
      })),
    }),
    rows: curves.flatMap(({ arm, scores }) =>
      scores.map((score, k) => ({ arm, trials: k + 1, score: bounds(score) })),
    ),
  };
}

function sizeFigure({ sizes }: Beyond, preset: Preset): Drawn {
  const title = "Score against the size of the base";
  const line = (name: string, of: (row: SizeRow) => Interval) => ({
    name,
    points: sizes.map((row) => ({ x: row.parameters / 1e6, y: bounds(of(row)) })),
  });
  return {
    name: "beyond-sizes",
    title,
    caption: "Average over held-in tasks (%), the same bank and budget, 95 % intervals.",
    draw: lines({
      title,
      note: noteOf(preset),
      label: "Average score",
      unit: "%",
      xLabel: "Parameters",
      xUnit: "millions",
      logX: true,
      series: [line("base", (row) => row.before), line("tuned", (row) => row.after)],
    }),
    rows: sizes.map(({ before, after, ...row }) => ({
      ...row,
      before: bounds(before),
      after: bounds(after),
    })),
  };
}
