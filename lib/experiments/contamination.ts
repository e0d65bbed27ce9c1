/**
 * Table 8 (appendix D): how many test instances share a 9-gram or a 13-gram with what is trained on, by HELM's
 * definition. Beyond the table: instructions, observations and actions compared like with like, whether what is shared
 * is a template or a copy, and whether the tuned model does better where something is shared.
 */
import {
  goldTexts,
  instanceTexts,
  type TextPart,
  textParts,
  trajectoryTexts,
} from "../evaluation/overlap-texts";
import type { SeedRewards } from "../evaluation/seeds";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { readPublished } from "../report/published";
import { readInstructions, readRewards, readSlice } from "../runs/read";
import type { TrainSpec } from "../runs/spec";
import { getTask } from "../tasks/registry";
import {
  type CommonGram,
  commonestGram,
  compared,
  indexOf,
  type OverlapRate,
  rateOf,
  subjectsOf,
} from "./contamination/compare";
import { fromTemplates, heldOutClean, helpsScores } from "./contamination/verdicts";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { bank, evaluation, heldIn, instruct, testCount, tuned } from "./recipes";
import { bounds, evaluations } from "./scores";
import type { Verdict } from "./verdict";

/** What is trained on, and the paper's data in whose place it stands. */
export const corpora = { agent: "SUPERAGENT", general: "ShareGPT", code: "Evol-CodeAlpaca" } as const;
export type Corpus = keyof typeof corpora;
const corpusNames = Object.keys(corpora) as Corpus[];

export interface Contamination {
  /** What is asked for, and the gold answer, against each corpus: Table 8. */
  rates: (OverlapRate & { data: Corpus })[];
  /** Texts of the gold episode against texts of the same kind in the trajectories. */
  parts: (OverlapRate & { part: TextPart })[];
  /** What most test instances of a task share with the trajectories. */
  commonest: CommonGram[];
  verdicts: Verdict[];
}

const tasksOf = (preset: Preset) => [...heldIn(preset), ...preset.data.heldOut];

/** The models of which it is asked whether overlap helps them: those of the main results. */
function models(preset: Preset): TrainSpec[] {
  return preset.seeds.map((seed) => tuned(preset, { agent: bank(preset), seed }));
}

export const contamination: Experiment<Contamination> = {
  name: "contamination",
  title: "Data contamination",
  reproduces: "Table 8",
  published: ["table-8"],
  claim:
    "Held-in tasks share n-grams with the trajectories, mostly those of templates; held-out tasks share none.",

  runs: (preset) => [
    ...bank(preset).map(({ from }) => from),
    ...evaluations(preset, models(preset), heldIn(preset)),
  ],

  async measure(preset) {
    const { ngrams, played } = preset.experiments.contamination;
    const asked = await subjectsOf(preset, tasksOf(preset), (task) => testCount(preset, task), instanceTexts);
    const gold = await subjectsOf(preset, tasksOf(preset), () => played, goldTexts);
    const byData = corpusNames.map((data) => ({ data, index: indexOf(asked, ngrams) }));
    const byPart = textParts.map((part) => {
      const subjects = gold.map(({ task, parts }) => ({ task, parts: { [part]: parts[part] } }));
      return { part, subjects, index: indexOf(subjects, ngrams) };
    });

    for (const { data, index } of byData) {
      // One source after the other, so that no more than one is held.
      const sources =
        data === "agent"
          ? bank(preset).map((slice) => () => readSlice(slice))
          : [() => readInstructions(instruct(preset, data))];
      for (const read of sources)
        for (const { turns } of await read()) {
          index.add(...turns.map((turn) => turn.content));
          if (data !== "agent") continue;
          const texts = trajectoryTexts(turns);
          for (const like of byPart) like.index.add(...texts[like.part]);
        }
    }

    const agent = ngrams.flatMap((n) => compared(asked, byData[0]!.index, n));
    const rewards = new Map<string, SeedRewards>();
    for (const task of heldIn(preset))
      rewards.set(
        task,
        await Promise.all(models(preset).map((m) => readRewards(evaluation(preset, m, task)))),
      );
    return {
      rates: byData.flatMap(({ data, index }) =>
        ngrams.flatMap((n) => compared(asked, index, n).map((c) => ({ ...rateOf(c), data }))),
      ),
      parts: byPart.flatMap(({ part, subjects, index }) =>
        ngrams.flatMap((n) => compared(subjects, index, n).map((c) => ({ ...rateOf(c), part }))),
      ),
      commonest: agent.flatMap((c) => commonestGram(c) ?? []),
      verdicts: [...heldOutClean(agent), fromTemplates(agent), helpsScores(agent, rewards)],
    };
  },

  draw({ rates, parts }, preset) {
    const simulated = preset.teacher.kind === "simulated";
    const note = footnote({ preset: preset.name, simulated, level: 0.95 });
    const { ngrams } = preset.experiments.contamination;
    const tasks = tasksOf(preset);
    const categories = tasks.map((task) => getTask(task).title);
    const measured = (rows: readonly OverlapRate[]) =>
      tasks.map((task) => {
        const row = rows.find((r) => r.task === task);
        return row ? bounds(row.rate) : null;
      });
    return [
      {
        name: "contamination",
        title: "Test instances that share an n-gram with what is trained on",
        caption: "Per cent of each task's test instances, 95 % intervals; hatched: the paper's Table 8.",
        draw: bars({
          title: "Test instances that share an n-gram with what is trained on",
          note,
          label: "Test instances",
          unit: "%",
          categories,
          series: [
            ...ngrams.map((n) => ({
              name: `trajectories, ${n}-grams`,
              values: measured(rates.filter((r) => r.data === "agent" && r.n === n)),
            })),
            ...(["general", "code"] as const).map((data) => ({
              name: `${data}, ${ngrams[0]}-grams`,
              values: measured(rates.filter((r) => r.data === data && r.n === ngrams[0])),
            })),
            {
              name: `${corpora.agent}, ${ngrams[0]}-grams (published)`,
              values: tasks.map((task) => printed(task, "agent", ngrams[0]!)),
              published: true,
            },
          ],
        }),
        rows: rates.map((row) => ({
          ...row,
          task: getTask(row.task).title,
          rate: bounds(row.rate),
          published: printed(row.task, row.data, row.n),
        })),
      },
      {
        name: "contamination-parts",
        title: "Instructions, observations and actions that share an n-gram with trajectories",
        caption:
          `Per cent of test instances whose gold episode shares a ${ngrams[0]}-gram with text of the same kind, ` +
          "95 % intervals.",
        draw: bars({
          title: `What of an episode shares a ${ngrams[0]}-gram with the trajectories`,
          note,
          label: "Test instances",
          unit: "%",
          categories,
          series: textParts.map((part) => ({
            name: part,
            values: measured(parts.filter((r) => r.part === part && r.n === ngrams[0])),
          })),
        }),
        rows: parts.map((row) => ({ ...row, task: getTask(row.task).title, rate: bounds(row.rate) })),
      },
    ];
  },
};

/** What Table 8 prints; null for a task or an n that it does not have. */
function printed(task: string, data: Corpus, n: number): number | null {
  const { title } = getTask(task);
  const name = title === "ScienceWorld" ? "SciWorld" : title;
  const row = readPublished("table-8").rows.find((r) => r["task"] === name && r["data"] === corpora[data]);
  const value = row?.[`gram${n}`];
  return typeof value === "number" ? value : null;
}
