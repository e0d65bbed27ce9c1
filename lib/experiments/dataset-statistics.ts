/** Tables 1 and 2: what is in the bank, task by task, beside what the paper's holds. */
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
}

export const datasetStatistics: Experiment<DatasetStatistics> = {
  name: "dataset-statistics",
  title: "What is in the bank",
  reproduces: "Tables 1 and 2",
  published: ["table-1", "table-2"],

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
    return { tasks, total: total as DatasetStatistics["total"], trajectories: rows };
  },
};

function meanTurns(rows: readonly { turns: number }[]): number {
  return rows.reduce((sum, row) => sum + row.turns, 0) / Math.max(1, rows.length);
}
