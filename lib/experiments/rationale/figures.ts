import type { TableRow } from "../../report/cell";
import { bars } from "../../report/figures/bars";
import { footnote } from "../../report/figures/figure";
import { getTask } from "../../tasks/registry";
import type { Drawn } from "../experiment";
import type { Preset } from "../preset";
import type { Rationale, RationaleArm } from "../rationale";
import { bounds } from "../scores";
import { armTitle } from "./arms";

/** Averages first, then every task. */
function scoresOf({ in: held, out, tasks }: RationaleArm) {
  return [
    { name: "Held-in average", score: held },
    ...(out ? [{ name: "Held-out average", score: out }] : []),
    ...tasks.map(({ task, score }) => ({ name: getTask(task).title, score })),
  ];
}

export function drawRationale({ arms }: Rationale, preset: Preset): Drawn[] {
  const { seeds, trajectories, rows, steps } = preset.experiments.rationale;
  const simulated = preset.teacher.kind === "simulated";
  const title = "Thoughts: with, without, together, apart";
  return [
    {
      name: "rationale",
      title,
      caption:
        `Score (%), 95 % intervals; ${trajectories} trajectories of each task, ${steps} steps of ${rows} trajectories. ` +
        "Actions alone are those of the second arm, in the same order.",
      draw: bars({
        title,
        note: footnote({ preset: preset.name, simulated, seeds: seeds.length, level: 0.95 }),
        label: "Score",
        unit: "%",
        categories: scoresOf(arms[0]!).map(({ name }) => name),
        series: arms.map((arm) => ({
          name: armTitle[arm.arm],
          values: scoresOf(arm).map(({ score }) => bounds(score)),
        })),
      }),
      rows: arms.map(row),
      columns: [
        { key: "arm" },
        { key: "kept" },
        { key: "of" },
        { key: "difficulty", digits: 2 },
        { key: "seeds" },
        ...scoresOf(arms[0]!).map(({ name }) => ({ key: name })),
      ],
    },
  ];
}

function row(arm: RationaleArm): TableRow {
  const { kept, of, difficulty, seeds } = arm;
  return {
    arm: armTitle[arm.arm],
    kept,
    of,
    difficulty,
    seeds,
    ...Object.fromEntries(scoresOf(arm).map(({ name, score }) => [name, bounds(score)])),
  };
}
