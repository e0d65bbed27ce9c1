/** Tables 1 and 2: what is in the bank, task by task, beside what the paper's holds. */
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { publishedNumber, readPublished } from "../report/published";
import { readAnnotationSummary, readBank } from "../runs/read";
import { getTask } from "../tasks/registry";
import { type Skill, skills } from "../trajectory/schema";
import type { Experiment } from "./experiment";
import { annotation } from "./recipes";

export interface TaskStatistics {
  task: string;
  skill: Skill;
  space: "continuous" | "discrete";
  tool: string | null;
  instances: number;
  trajectories: number;
  /** Agent turns a trajectory, mean. */
  turns: number;
  /** Trajectories by the strategy that yielded them. */
  strategies: Record<string, number>;
  simulated: boolean;
}

export interface DatasetStatistics {
  tasks: TaskStatistics[];
  /** Table 1's row: totals, and which skills are covered. */
  total: { tasks: number; trajectories: number; turns: number } & Record<Skill, boolean>;
  /** One row a trajectory, for whoever wants to look further. */
  trajectories: { task: string; skill: Skill; strategy: string; turns: number; difficulty: number | null }[];
  /** Counting claims nothing. */
  verdicts: [];
}

export const datasetStatistics: Experiment<DatasetStatistics> = {
  name: "dataset-statistics",
  title: "What is in the bank",
  reproduces: "Tables 1 and 2",
  published: ["table-1", "table-2"],
  claim:
    "51,287 trajectories of 16 tasks over five skills, against 1,344 of FireAct and 1,866 of AgentInstruct.",

  runs: (preset) => preset.data.tasks.map((task) => annotation(preset, task)),

  async measure(preset) {
    const rows: DatasetStatistics["trajectories"] = [];
    const tasks: TaskStatistics[] = [];
    for (const name of preset.data.tasks) {
      const spec = annotation(preset, name);
      const { title, skill, actionSpace, tool } = getTask(name);
      const bank = await readBank(spec);
      const summary = readAnnotationSummary(spec);
      const own = bank.map(({ turns, provenance, difficulty }) => ({
        task: title,
        skill,
        strategy: provenance.strategy as string,
        turns: turns.filter((t) => t.role === "assistant").length,
        difficulty,
      }));
      rows.push(...own);
      tasks.push({
        task: title,
        skill,
        space: actionSpace,
        tool,
        instances: summary.instances,
        trajectories: own.length,
        turns: meanTurns(own),
        strategies: summary.byStrategy,
        simulated: summary.simulated,
      });
    }
    const covered = Object.fromEntries(skills.map((s) => [s, tasks.some((t) => t.skill === s)]));
    const total = { tasks: tasks.length, trajectories: rows.length, turns: meanTurns(rows), ...covered };
    return { tasks, total: total as DatasetStatistics["total"], trajectories: rows, verdicts: [] };
  },

  draw({ tasks }, preset) {
    const table = readPublished("table-2");
    const published = (task: string, column: string) => publishedNumber(table, { task }, column);
    const names = tasks.map((t) => t.task);
    const note = footnote({ preset: preset.name, simulated: tasks.some((t) => t.simulated) });
    const used = [...new Set(tasks.flatMap((t) => Object.keys(t.strategies)))];
    const rows = tasks.map(({ strategies, simulated: _, ...row }) => ({
      ...row,
      annotation: Object.keys(strategies).join(", "),
      publishedTrajectories: published(row.task, "instances"),
      publishedTurns: published(row.task, "turns"),
    }));
    return [
      {
        name: "dataset-turns",
        title: "Turns a trajectory",
        caption: "Mean number of agent turns of a trajectory, measured beside the paper's Table 2.",
        draw: bars({
          title: "Turns a trajectory",
          note,
          label: "Agent turns",
          categories: names,
          series: [
            { name: "measured", values: tasks.map((t) => t.turns) },
            { name: "published", values: names.map((name) => published(name, "turns")), published: true },
          ],
        }),
        rows,
      },
      {
        name: "dataset-strategies",
        title: "How trajectories were annotated",
        caption: "Trajectories of each task by the strategy that yielded them.",
        draw: bars({
          title: "How trajectories were annotated",
          note,
          label: "Trajectories",
          categories: names,
          series: used.map((name) => ({ name, values: tasks.map((t) => t.strategies[name] ?? 0) })),
        }),
        rows: tasks.flatMap(({ task, strategies }) =>
          Object.entries(strategies).map(([strategy, trajectories]) => ({ task, strategy, trajectories })),
        ),
      },
    ];
  },
};

function meanTurns(rows: readonly { turns: number }[]): number {
  return rows.reduce((sum, row) => sum + row.turns, 0) / Math.max(1, rows.length);
}
