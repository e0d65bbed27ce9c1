/**
 * Table 10 (appendix F): AgentBench's overall score, the mean over tasks of score / weight. The kit has environments of
 * the kind of five of its eight tasks; the overall is computed over those, for the published models too.
 */
import type { Interval } from "../evaluation/bootstrap";
import { bootstrapSeeds, paired, type SeedRewards } from "../evaluation/seeds";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { publishedNumber, readPublished } from "../report/published";
import { getTask } from "../tasks/registry";
import type { Experiment } from "./experiment";
import { type Contender, contenders } from "./main-results";
import type { Preset } from "./preset";
import { average, bounds, evaluations, rewardsOf } from "./scores";
import { aboveZero, allAboveZero, notTestable, type Verdict } from "./verdict";

export interface AgentBench {
  /** AgentBench's tasks: what is played for each, null where the preset plays nothing. */
  tasks: { name: string; played: string | null; weight: number }[];
  rows: {
    model: string;
    standsFor: string;
    seeds: number;
    /** By AgentBench's name, in points. */
    scores: Record<string, Interval>;
    /** Mean of score / weight over the tasks that are played. */
    overall: Interval;
    /** The same of the published model in whose place it stands, and its printed overall of all eight tasks. */
    publishedOverPlayed: number;
    published: number;
  }[];
  verdicts: Verdict[];
}

const SOURCE = "table-10";

/** AgentBench's tasks in the table's order. */
function benchTasks(preset: Preset): AgentBench["tasks"] {
  const { tasks } = preset.experiments.agentbench;
  return Object.entries(readPublished(SOURCE).weights!).map(([name, weight]) => ({
    name,
    played: tasks[name as keyof typeof tasks] ?? null,
    weight,
  }));
}

/** The tasks that are played, in the table's order. */
const played = (preset: Preset) =>
  benchTasks(preset).flatMap(({ name, played, weight }) => (played ? [{ name, played, weight }] : []));

/** The models of the main results whose counterparts are in Table 10, the base first and the tuned one last. */
function models(preset: Preset): Contender[] {
  const printed = new Set(readPublished(SOURCE).rows.map((row) => row["model"]));
  return contenders(preset).filter(({ standsFor }) => printed.has(standsFor));
}

/** The mean over tasks of points / weight: a reward of 1 is 100 points. */
function overall(groups: readonly SeedRewards[], weights: readonly number[]): Interval {
  return bootstrapSeeds(
    groups,
    weights.map((weight) => 100 / weight / weights.length),
  );
}

export const agentbench: Experiment<AgentBench> = {
  name: "agentbench",
  title: "AgentBench",
  reproduces: "Table 10",
  published: [SOURCE],
  claim: "SAMOYED-7B's overall score on AgentBench is 1.60, that of the base 0.34, that of GPT-4 4.01.",

  runs: (preset) =>
    models(preset).flatMap(({ seeds }) =>
      evaluations(
        preset,
        seeds,
        played(preset).map((task) => task.played),
      ),
    ),

  async measure(preset) {
    const table = readPublished(SOURCE);
    const tasks = played(preset);
    const weights = tasks.map(({ weight }) => weight);
    const rewards: SeedRewards[][] = [];
    const rows: AgentBench["rows"] = [];
    for (const { model, standsFor, seeds } of models(preset)) {
      const groups = await rewardsOf(
        preset,
        seeds,
        tasks.map((task) => task.played),
      );
      rewards.push(groups);
      const printed = (column: string) => publishedNumber(table, { model: standsFor }, column)!;
      rows.push({
        model,
        standsFor,
        seeds: seeds.length,
        scores: Object.fromEntries(tasks.map(({ name }, t) => [name, average([groups[t]!])])),
        overall: overall(groups, weights),
        publishedOverPlayed:
          tasks.reduce((sum, { name, weight }) => sum + printed(name) / weight, 0) / tasks.length,
        published: printed("overall"),
      });
    }
    const lead = (other: readonly SeedRewards[]) =>
      overall(
        rewards.at(-1)!.map((group, t) => paired(group, other[t]!)),
        weights,
      );
    return { tasks: benchTasks(preset), rows, verdicts: verdicts(rewards.slice(0, -1).map(lead), preset) };
  },

  draw({ rows }, preset) {
    const tasks = played(preset);
    const simulated = preset.teacher.kind === "simulated";
    const note = footnote({ preset: preset.name, simulated, seeds: preset.seeds.length, level: 0.95 });
    const table = readPublished(SOURCE);
    const last = rows.at(-1)!;
    const missing = benchTasks(preset).filter((task) => task.played === null);
    const over = `over ${tasks.map(({ name }) => name).join(", ")}`;
    return [
      {
        name: "agentbench",
        title: "Scores by task of AgentBench",
        caption:
          `Score (%), 95 % intervals; Table 10 hatched. ` +
          `${tasks.map(({ name, played }) => `${name}: ${getTask(played).title}`).join(", ")}: ` +
          "the kit's instances, not AgentBench's own.",
        draw: bars({
          title: "Scores by task of AgentBench",
          note,
          label: "Score",
          unit: "%",
          categories: tasks.map(({ name, played }) => `${name}: ${getTask(played).title}`),
          series: [
            ...rows.map(({ model, scores }) => ({
              name: model,
              values: tasks.map(({ name }) => bounds(scores[name]!)),
            })),
            {
              name: `${last.standsFor} (published)`,
              values: tasks.map(({ name }) => publishedNumber(table, { model: last.standsFor }, name)),
              published: true,
            },
          ],
        }),
        rows: rows.map(({ model, standsFor, seeds, scores }) => ({
          model,
          standsFor,
          seeds,
          ...Object.fromEntries(tasks.map(({ name }) => [name, bounds(scores[name]!)])),
        })),
      },
      {
        name: "agentbench-overall",
        title: "Overall score",
        caption:
          `Mean of score / weight ${over}; ${missing.map(({ name }) => name).join(", ")} are not played. ` +
          "The published models over the same tasks hatched; their printed overall is of all eight.",
        draw: bars({
          title: `Overall score ${over}`,
          note,
          label: "Mean of score / weight",
          categories: rows.map(({ model, standsFor }) => `${model} | ${standsFor}`),
          series: [
            { name: "measured", values: rows.map((row) => bounds(row.overall)) },
            {
              name: "Table 10, the same tasks",
              values: rows.map((row) => row.publishedOverPlayed),
              published: true,
            },
          ],
        }),
        rows: rows.map(({ model, standsFor, seeds, overall, publishedOverPlayed, published }) => ({
          model,
          standsFor,
          seeds,
          overall: bounds(overall),
          publishedOverPlayed,
          published,
        })),
        columns: [
          { key: "model" },
          { key: "standsFor", title: "stands for" },
          { key: "seeds" },
          { key: "overall", digits: 2 },
          { key: "publishedOverPlayed", title: "published, same tasks", digits: 2 },
          { key: "published", title: "published, all eight", digits: 2 },
        ],
      },
    ];
  },
};

/** @param leads overall of the tuned model minus that of each other, the base first */
function verdicts(leads: readonly Interval[], preset: Preset): Verdict[] {
  const note = `over ${played(preset).length} of its ${benchTasks(preset).length} tasks, on the kit's own instances`;
  const claim = "the tuned 7B model has the highest overall score of the open 7B models";
  return [
    aboveZero(
      {
        source: SOURCE,
        claim,
        part: "than its base",
        published: "1.60 against 0.34",
        test: "overall, bank − base, paired by instance, is above 0",
      },
      leads[0]!,
      note,
    ),
    allAboveZero(
      {
        source: SOURCE,
        claim,
        part: "than all three",
        published: "1.60 against 0.34, 0.56, 0.50",
        test: "overall, bank − each other model, paired by instance, is above 0",
      },
      leads,
      note,
    ),
    notTestable(
      {
        source: SOURCE,
        claim: "GPT-4 and GPT-3.5-Turbo stay ahead of the tuned 7B model",
        published: "4.01 and 2.32 against 1.60",
        test: "overall, GPT-4 and GPT-3.5-Turbo − bank on the same instances, is above 0",
      },
      "no run plays the test instances with GPT-4 or GPT-3.5-Turbo",
    ),
  ];
}
