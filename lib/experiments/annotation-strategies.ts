/**
 * Section 3.4: what each strategy yields and costs, and whether exploration alone loses the difficult instances that
 * answer forcing, search and reformatting keep. Both pipelines annotate the same instances; a model is trained on the
 * bank of either for the same number of tokens.
 */
import { bootstrapMean, type Interval } from "../evaluation/bootstrap";
import { bootstrapSeeds } from "../evaluation/seeds";
import { addUsage, noUsage } from "../llm/client";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { readAnnotationSummary, readBank } from "../runs/read";
import type { AnnotateSpec, TrainSpec } from "../runs/spec";
import { selectInstances } from "../tasks/instances";
import { getTask } from "../tasks/registry";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { annotation, heldIn, slice, trainCount, tuned } from "./recipes";
import { average, bounds, evaluations, gain, rewardsOf, toPoints } from "./scores";
import { aboveZero, notTestable, type Verdict } from "./verdict";

const pipelines = ["explore alone", "the paper's"] as const;
type Pipeline = (typeof pipelines)[number];

export interface AnnotationCost {
  task: string;
  pipeline: Pipeline;
  strategies: string;
  instances: number;
  trajectories: number;
  /** Trajectories by the strategy that yielded them: `explore 649, answer-forcing 323`. */
  byStrategy: string;
  /** Per cent of the instances. */
  yield: Interval;
  /** Mean difficulty of the instances kept, 0 to 1; null where nobody states it. */
  difficulty: number | null;
  /** The teacher's, failures included, for each trajectory that was kept; null where none was. */
  callsEach: number | null;
  tokensEach: number | null;
  simulated: boolean;
}

export interface AnnotationStrategies {
  costs: AnnotationCost[];
  /** Held-in average of a model trained on each bank for the same tokens. */
  scores: { pipeline: Pipeline; score: Interval; seeds: number }[];
  verdicts: Verdict[];
}

function spec(preset: Preset, task: string, pipeline: Pipeline): AnnotateSpec {
  const { extra } = preset.experiments.annotation;
  const count = preset.data.tasks.includes(task) ? trainCount(preset, task) : extra.instances;
  return annotation(preset, task, count, pipeline === "explore alone" ? { strategies: ["explore"] } : {});
}

const tasksOf = (preset: Preset) => [...preset.data.tasks, ...preset.experiments.annotation.extra.tasks];

function models(preset: Preset, pipeline: Pipeline): TrainSpec[] {
  const { budget, seeds } = preset.experiments.annotation;
  const agent = preset.data.tasks.map((task) => slice(spec(preset, task, pipeline)));
  const mixture = { agent: 1, general: 0, code: 0 };
  return seeds.map((seed) => tuned(preset, { agent, mixture, budget, seed }));
}

/** What a pipeline made of the instances of a task. */
async function outcome(preset: Preset, task: string, pipeline: Pipeline) {
  const annotate = spec(preset, task, pipeline);
  const instances = await selectInstances(annotate.instances);
  const summary = readAnnotationSummary(annotate);
  const ids = new Set((await readBank(annotate)).map(({ instance }) => instance));
  const kept = instances.map(({ id }) => Number(ids.has(id)));
  const difficulties = instances.flatMap(({ id, difficulty }) =>
    ids.has(id) && difficulty !== null ? [difficulty] : [],
  );
  return { task, pipeline, annotate, summary, kept, difficulties };
}
type PipelineOutcome = Awaited<ReturnType<typeof outcome>>;

export const annotationStrategies: Experiment<AnnotationStrategies> = {
  name: "annotation",
  title: "Annotation strategies",
  reproduces: "Section 3.4",
  published: ["section-3.4"],
  claim: "Answer forcing, search and reformatting keep the difficult instances that exploration alone loses.",

  runs: (preset) => [
    ...tasksOf(preset).flatMap((task) => pipelines.map((pipeline) => spec(preset, task, pipeline))),
    ...pipelines.flatMap((pipeline) => evaluations(preset, models(preset, pipeline), heldIn(preset))),
  ],

  async measure(preset) {
    const outcomes: PipelineOutcome[] = [];
    for (const task of tasksOf(preset))
      for (const pipeline of pipelines) outcomes.push(await outcome(preset, task, pipeline));
    const rewards = await Promise.all(
      pipelines.map((pipeline) => rewardsOf(preset, models(preset, pipeline), heldIn(preset))),
    );
    return {
      costs: outcomes.map(costOf),
      scores: pipelines.map((pipeline, i) => ({
        pipeline,
        score: average(rewards[i]!),
        seeds: preset.experiments.annotation.seeds.length,
      })),
      verdicts: verdicts(outcomes, gain(rewards[1]!, rewards[0]!)),
    };
  },

  draw({ costs, scores }, preset) {
    const { seeds } = preset.experiments.annotation;
    const simulated = preset.teacher.kind === "simulated";
    const note = footnote({ preset: preset.name, simulated, level: 0.95 });
    const categories = tasksOf(preset).map((task) => getTask(task).title);
    const of = (pipeline: Pipeline) => costs.filter((cost) => cost.pipeline === pipeline);
    return [
      {
        name: "annotation-yield",
        title: "Instances that become a trajectory",
        caption:
          "Per cent of the instances of each task, by exploration alone and by the paper's strategies.",
        draw: bars({
          title: "Instances that become a trajectory",
          note,
          label: "Yield",
          unit: "%",
          categories,
          series: pipelines.map((name) => ({ name, values: of(name).map((cost) => bounds(cost.yield)) })),
        }),
        rows: costs.map((cost) => ({ ...cost, yield: bounds(cost.yield) })),
      },
      {
        name: "annotation-gain",
        title: "Held-in average after training on either bank",
        caption: "Average over held-in tasks (%) for the same number of training tokens, 95 % intervals.",
        draw: bars({
          title: "Held-in average after training on either bank",
          note: footnote({ preset: preset.name, simulated, seeds: seeds.length, level: 0.95 }),
          label: "Average score",
          unit: "%",
          categories: [...pipelines],
          series: [{ name: "held-in average", values: scores.map(({ score }) => bounds(score)) }],
        }),
        rows: scores.map(({ score, ...row }) => ({ ...row, score: bounds(score) })),
      },
    ];
  },
};

function costOf({ task, pipeline, annotate, summary, kept, difficulties }: PipelineOutcome): AnnotationCost {
  const { calls, promptTokens, completionTokens } = addUsage(noUsage, summary.usage);
  const each = (total: number) => (summary.trajectories > 0 ? total / summary.trajectories : null);
  const sum = difficulties.reduce((total, difficulty) => total + difficulty, 0);
  return {
    task: getTask(task).title,
    pipeline,
    strategies: annotate.strategies.join(", "),
    instances: summary.instances,
    trajectories: summary.trajectories,
    byStrategy: Object.entries(summary.byStrategy)
      .map((pair) => pair.join(" "))
      .join(", "),
    yield: toPoints(bootstrapMean([kept])),
    difficulty: difficulties.length > 0 ? sum / difficulties.length : null,
    callsEach: each(calls),
    tokensEach: each(promptTokens + completionTokens),
    simulated: summary.simulated,
  };
}

function verdicts(outcomes: readonly PipelineOutcome[], gained: Interval): Verdict[] {
  const source = "section-3.4";
  const pairs = outcomes
    .filter(({ pipeline }) => pipeline === "the paper's")
    .filter(({ annotate }) => annotate.strategies.join() !== "explore")
    .map((ours) => ({
      ours,
      alone: outcomes.find((o) => o.task === ours.task && o.pipeline !== ours.pipeline)!,
    }));
  const told = pairs.map(({ ours }) => getTask(ours.task).title).join(", ");
  const yields = {
    source,
    claim: "answer forcing, search and reformatting annotate instances that exploration alone loses",
    test: "yield of the paper's strategies − of exploration alone, in points, paired by instance and averaged over the tasks with more than exploration, is above 0",
  };
  const difficult = {
    source,
    claim: "separating the annotation of actions and rationales keeps the difficult instances",
    test: "mean difficulty (0 to 1) of the instances kept by the paper's strategies − by exploration alone, averaged over the same tasks, is above 0",
  };
  const discards = {
    source,
    claim: "exploration discards most of what it generates",
    published: "more than 90 % (AgentInstruct)",
    test: "the share of instances that exploration alone loses − 50 %, averaged over tasks, is above 0",
  };
  const alone = outcomes.filter(({ pipeline }) => pipeline === "explore alone");
  const rated = pairs.filter((p) => p.ours.difficulties.length > 0 && p.alone.difficulties.length > 0);
  return [
    pairs.length > 0
      ? aboveZero(
          yields,
          toPoints(
            bootstrapMean(pairs.map(({ ours, alone }) => ours.kept.map((k, i) => k - alone.kept[i]!))),
          ),
          told,
        )
      : notTestable(yields, "every task of the preset is annotated by exploration alone"),
    rated.length > 0
      ? aboveZero(
          difficult,
          bootstrapSeeds(
            rated.flatMap(({ ours, alone }) => [[ours.difficulties], [alone.difficulties]]),
            rated.flatMap(() => [1 / rated.length, -1 / rated.length]),
          ),
          "difficulties are known because instances are generated",
        )
      : notTestable(difficult, "nobody states how difficult these instances are"),
    aboveZero(
      {
        source,
        claim:
          "the agent trained on the data annotated so outperforms the one trained on explored and filtered data",
        test: "held-in average, trained on the paper's bank − on that of exploration alone, paired by instance, is above 0",
      },
      gained,
    ),
    alone.some(({ summary }) => summary.simulated)
      ? notTestable(discards, "how often the simulated teacher succeeds is a parameter of the preset")
      : aboveZero(discards, toPoints(bootstrapMean(alone.map(({ kept }) => kept.map((k) => 0.5 - k))))),
  ];
}
