/**
 * Figure 6 (section 5.5): a model tuned on the held-in tasks of one skill, on the tasks of every skill, against one
 * tuned on generalist and code data for the same budget.
 */
import type { Interval } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { footnote } from "../report/figures/figure";
import { heatmap } from "../report/figures/heatmap";
import type { TrainSpec } from "../runs/spec";
import { getTask } from "../tasks/registry";
import { type Skill, skills } from "../trajectory/schema";
import type { Drawn, Experiment } from "./experiment";
import type { Preset } from "./preset";
import { bank, half, tuned, withTest } from "./recipes";
import { average, bounds, evaluations, gain, relativeGain, rewardsOf } from "./scores";
import { aboveZero, allAboveZero, notTestable, type Verdict } from "./verdict";

export interface TransferCell {
  trained: Skill;
  evaluated: Skill;
  held: "in" | "out";
  /** Averages over the tasks of the evaluated skill, and the paired difference, in points. */
  baseline: Interval;
  score: Interval;
  difference: Interval;
  /** The same in % of the baseline, as the paper has it; null where the baseline may be 0. */
  relative: Interval | null;
}

export interface SkillTransfer {
  cells: TransferCell[];
  verdicts: Verdict[];
}

const HALVES = ["in", "out"] as const;

/** The preset's skills that have a held-in task to train on. */
function trainedSkills(preset: Preset): Skill[] {
  const { skills: chosen = skills } = preset.experiments.skillTransfer;
  return skills.filter((skill) => chosen.includes(skill) && tasksOf(preset, "in", skill).length > 0);
}

const tasksOf = (preset: Preset, held: "in" | "out", skill: Skill) =>
  half(preset, held).filter((task) => getTask(task).skill === skill);

/** The models tuned on one skill, or on generalist and code data alone for the baseline; one a seed. */
function models(preset: Preset, skill: Skill | null): TrainSpec[] {
  const { seeds, budget } = preset.experiments.skillTransfer;
  const own = skill ? tasksOf(preset, "in", skill) : [];
  const agent = bank(preset).filter((part) => own.includes(part.from.instances.task));
  const mixture = skill ? { agent: 1, general: 0, code: 0 } : { agent: 0, general: 0.5, code: 0.5 };
  return seeds.map((seed) => tuned(preset, { agent, mixture, seed, budget }));
}

const played = (preset: Preset) => withTest(preset, preset.experiments.skillTransfer);

export const skillTransfer: Experiment<SkillTransfer> = {
  name: "skill-transfer",
  title: "Skill-level transfer",
  reproduces: "Figure 6",
  published: ["figure-6"],
  claim:
    "Most skills transfer to others, embodied does not; embodied tasks suffer from training on any other.",

  runs: (preset) =>
    [null, ...trainedSkills(preset)].flatMap((skill) =>
      evaluations(played(preset), models(preset, skill), [...half(preset, "in"), ...half(preset, "out")]),
    ),

  async measure(preset) {
    const read = (skill: Skill | null, tasks: readonly string[]) =>
      rewardsOf(played(preset), models(preset, skill), tasks);
    const cells: TransferCell[] = [];
    for (const held of HALVES)
      for (const trained of trainedSkills(preset))
        for (const evaluated of skills) {
          const tasks = tasksOf(preset, held, evaluated);
          if (tasks.length === 0) continue;
          const [baseline, score] = [await read(null, tasks), await read(trained, tasks)];
          cells.push({
            trained,
            evaluated,
            held,
            baseline: average(baseline),
            score: average(score),
            difference: gain(score, baseline),
            relative: relativeGain(score, baseline),
          });
        }
    return { cells, verdicts: await verdicts(preset, read) };
  },

  draw: ({ cells }, preset) =>
    HALVES.flatMap((held) => {
      const own = cells.filter((cell) => cell.held === held);
      return own.length > 0 ? [drawHalf(preset, held, own)] : [];
    }),
};

/** In % where every baseline is above 0; else in points, for one unit must hold for all cells. */
function drawHalf(preset: Preset, held: "in" | "out", cells: readonly TransferCell[]): Drawn {
  const relative = cells.every((cell) => cell.relative !== null);
  const shown = (cell: TransferCell) => (relative ? cell.relative! : cell.difference);
  const apart = ({ low, high }: Interval) => low > 0 || high < 0;
  const rows = [...new Set(cells.map((cell) => cell.trained))];
  const columns = [...new Set(cells.map((cell) => cell.evaluated))];
  const at = (trained: Skill, evaluated: Skill) =>
    cells.find((cell) => cell.trained === trained && cell.evaluated === evaluated)!;
  const grid = <T>(of: (cell: TransferCell) => T) =>
    rows.map((trained) => columns.map((evaluated) => of(at(trained, evaluated))));
  const title = `Transfer between skills, held-${held}`;
  const note = footnote({
    preset: preset.name,
    simulated: preset.teacher.kind === "simulated",
    seeds: preset.experiments.skillTransfer.seeds.length,
  });
  return {
    name: held === "out" ? "skill-transfer" : "skill-transfer-held-in",
    title,
    caption: `Against training on generalist and code data, ${relative ? "in %" : "in points"}; * where the 95 % interval leaves out 0.`,
    draw: heatmap({
      title,
      note: `${note} · * 95 % bootstrap interval leaves out 0`,
      rows,
      columns,
      values: grid((cell) => shown(cell).mean),
      marked: grid((cell) => apart(shown(cell))),
      rowLabel: "Trained on",
      columnLabel: `Evaluated on held-${held} tasks`,
      label: "Against general + code data",
      unit: relative ? "%" : "points",
    }),
    rows: cells.map(({ baseline, score, difference, relative, ...cell }) => ({
      ...cell,
      baseline: bounds(baseline),
      score: bounds(score),
      difference: bounds(difference),
      relative: relative && bounds(relative),
      significant: apart(difference),
    })),
  };
}

/** The mean of several models' rewards, by task, seed and instance. */
function meanOf(models: readonly SeedRewards[][]): number[][][] {
  return models[0]!.map((group, t) =>
    group.map((row, s) =>
      row.map((_, i) => models.reduce((sum, model) => sum + model[t]![s]![i]!, 0) / models.length),
    ),
  );
}

async function verdicts(
  preset: Preset,
  read: (skill: Skill | null, tasks: readonly string[]) => Promise<SeedRewards[]>,
): Promise<Verdict[]> {
  const source = "figure-6";
  const transfer = "most skills transfer to others, embodied does not";
  const suffer = {
    source,
    claim: "embodied tasks suffer from training on any other skill",
    test: "held-out embodied tasks, baseline − tuned on the skill, paired by instance, is above 0 for each other skill",
  };
  const trained = trainedSkills(preset);
  const others = trained.filter((skill) => skill !== "embodied");
  const outside = (skill: Skill) => half(preset, "out").filter((task) => getTask(task).skill !== skill);
  const reaches = others.map((skill) => ({
    source,
    claim: transfer,
    part: skill,
    test: "held-out tasks of the other skills, tuned on this skill − baseline, paired by instance, is above 0",
  }));
  const less = {
    source,
    claim: transfer,
    part: "embodied",
    test: "held-out tasks of all other skills, mean of those tuned on another foreign skill − tuned on embodied, paired by instance, is above 0",
  };
  if (half(preset, "out").length === 0)
    return [...reaches, less, suffer].map((s) => notTestable(s, "the preset has no held-out task"));

  const found: Verdict[] = [];
  for (const [i, skill] of others.entries())
    found.push(
      aboveZero(reaches[i]!, gain(await read(skill, outside(skill)), await read(null, outside(skill)))),
    );
  const foreign = outside("embodied").filter((task) => others.some((skill) => skill !== getTask(task).skill));
  if (trained.includes("embodied") && foreign.length > 0) {
    const groups = await Promise.all(
      foreign.map(async (task) => {
        const rows = others.filter((skill) => skill !== getTask(task).skill);
        return meanOf(await Promise.all(rows.map((skill) => read(skill, [task]))))[0]!;
      }),
    );
    found.push(aboveZero(less, gain(groups, await read("embodied", foreign))));
  } else found.push(notTestable(less, "the preset trains on no embodied task"));
  const embodied = tasksOf(preset, "out", "embodied");
  if (embodied.length === 0 || others.length === 0)
    return [...found, notTestable(suffer, "the preset has no held-out embodied task")];
  const baseline = await read(null, embodied);
  const losses = await Promise.all(others.map(async (skill) => gain(baseline, await read(skill, embodied))));
  return [...found, allAboveZero(suffer, losses)];
}
