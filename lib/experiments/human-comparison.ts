/**
 * Table 7 (appendix C): blinded pairs of trajectories of the same instance, answer forcing against exploration on
 * IC-SQL and the paper's pipeline against explore-and-filter on WebShop. People rate them in the browser
 * (`agentbank rate`, or the notebook); a model judges them too, and stands in where nobody has rated.
 */
import { FULL_REWARD } from "../annotate/plan";
import { countsOf, fleissKappa, majority, observedAgreement } from "../evaluation/agreement";
import { bootstrapMean, type Interval } from "../evaluation/bootstrap";
import type { Judgement } from "../evaluation/judge";
import { type MatchedPair, type Preference, preferences } from "../evaluation/matched";
import { type Rating, readRatings } from "../evaluation/rating/ratings";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { publishedNumber, readPublished } from "../report/published";
import { readJudgements, readMatched } from "../runs/read";
import type { JudgeSpec, MatchSource } from "../runs/spec";
import { getTask } from "../tasks/registry";
import type { Experiment } from "./experiment";
import type { Preset } from "./preset";
import { annotation, trainCount } from "./recipes";
import { bounds, toPoints } from "./scores";
import { containsZero, notTestable, type Statement, type Verdict } from "./verdict";

const tasks = ["ic-sql", "webshop"] as const;
type ComparedTask = (typeof tasks)[number];

const compared: Record<ComparedTask, string> = {
  "ic-sql": "answer forcing against exploration",
  webshop: "the paper's pipeline against explore and filter",
};

export interface Comparison {
  task: ComparedTask;
  compared: string;
  /** People by name, `judge`, or `simulated judge`. */
  ratedBy: string;
  simulated: boolean;
  /** Pairs with a verdict, and how many of them are ties for being word for word the same. */
  pairs: number;
  identical: number;
  /** Of the first, in per cent of the pairs. */
  share: Record<Preference, Interval>;
  /** Wins − losses, in points. */
  lead: Interval;
}

export interface HumanComparison {
  /** Of each task what people said, where they did, and what the judge said. */
  comparisons: Comparison[];
  /** How far people agree on what each of them rated; null for fewer than two raters with pairs in common. */
  agreement: { raters: string[]; pairs: number; observed: number; kappa: number | null } | null;
  /** Per cent of the judged pairs on which both orders agree, and of those that people rated too, on which they do. */
  judge: { pairs: number; consistent: number | null; asPeople: number | null };
  verdicts: Verdict[];
}

/** The instances of both sides are the bank's first ones; exploration tries again until it succeeds. */
function pairSource(preset: Preset, task: ComparedTask): MatchSource {
  const { annotated, attempts, pairs } = preset.experiments.humanComparison;
  const explored = annotation(preset, task, Math.min(annotated, trainCount(preset, task)), {
    strategies: ["explore"],
    rewardAbove: FULL_REWARD,
  });
  return {
    first: annotation(preset, task),
    second: { ...explored, attempts },
    strategy: task === "ic-sql" ? "answer-forcing" : null,
    count: pairs,
  };
}

function judging(preset: Preset, task: ComparedTask): JudgeSpec {
  return { kind: "judge", pairs: pairSource(preset, task), judge: preset.experiments.humanComparison.judge };
}

/** The pairs that people are asked to rate. Throws where their annotations are not done. */
export async function pairsToRate(preset: Preset): Promise<MatchedPair[]> {
  return (await Promise.all(tasks.map((task) => readMatched(pairSource(preset, task))))).flat();
}

export const humanComparison: Experiment<HumanComparison> = {
  name: "human-comparison",
  title: "Quality of trajectories, compared by people",
  reproduces: "Table 7",
  published: ["table-7"],
  claim: "Answer forcing wins 11 and loses 16 of 100 pairs against exploration, and 73 are ties.",

  runs: (preset) => tasks.map((task) => judging(preset, task)),

  async measure(preset) {
    const judgeName =
      preset.experiments.humanComparison.judge.kind === "simulated"
        ? "simulated judge"
        : preset.experiments.humanComparison.judge.model;
    const ratings = await readRatings();
    const comparisons: Comparison[] = [];
    const rated: Rating[] = [];
    const judged: { judgement: Judgement; people: Preference | null }[] = [];
    for (const task of tasks) {
      const pairs = await readMatched(pairSource(preset, task));
      const ids = new Set(pairs.map(({ id }) => id));
      const own = ratings.filter(({ pair }) => ids.has(pair));
      const people = majorities(own);
      const judgements = await readJudgements(judging(preset, task));
      rated.push(...own);
      judged.push(...judgements.map((j) => ({ judgement: j, people: people.get(j.pair) ?? null })));
      const raters = [...new Set(own.map(({ rater }) => rater))];
      if (raters.length > 0) comparisons.push(comparison(task, pairs, people, raters.join(", "), false));
      const verdicts = new Map(judgements.map(({ pair, verdict }) => [pair, verdict]));
      comparisons.push(comparison(task, pairs, verdicts, judgeName, judgeName === "simulated judge"));
    }
    const both = judged.filter(({ people }) => people !== null);
    return {
      comparisons,
      agreement: agreementOf(rated),
      judge: {
        pairs: judged.length,
        consistent: percent(
          judged,
          ({ judgement: { orders } }) => orders[0] !== null && orders[0] === orders[1],
        ),
        asPeople: percent(both, ({ judgement, people }) => judgement.verdict === people),
      },
      verdicts: tasks.map((task) => verdictOf(comparisons.find((c) => c.task === task)!)),
    };
  },

  draw({ comparisons }, preset) {
    const shown = tasks.map((task) => comparisons.find((c) => c.task === task)!);
    const simulated = preset.teacher.kind === "simulated";
    const by = [...new Set(shown.map(({ ratedBy }) => ratedBy))].join(" and ");
    const note = `${footnote({ preset: preset.name, simulated, level: 0.95 })} · rated by ${by}`;
    const title = "Which trajectory is better?";
    return [
      {
        name: "human-comparison",
        title,
        caption:
          "Wins, losses and ties of answer forcing against exploration (IC-SQL) and of the paper's pipeline against " +
          `explore-and-filter (WebShop), in % of the pairs; rated by ${by}. Table 7 hatched.`,
        draw: bars({
          title,
          note,
          label: "Pairs",
          unit: "%",
          categories: [...preferences],
          series: shown.flatMap(({ task, share }) => [
            { name: getTask(task).title, values: preferences.map((p) => bounds(share[p])) },
            {
              name: `${getTask(task).title} (published)`,
              values: preferences.map((p) => printed(task, p)),
              published: true,
            },
          ]),
        }),
        rows: comparisons.map(({ share, lead, task, ...row }) => ({
          task: getTask(task).title,
          ...row,
          ...Object.fromEntries(preferences.map((p) => [p, bounds(share[p])])),
          lead: bounds(lead),
          ...Object.fromEntries(preferences.map((p) => [`published ${p}`, printed(task, p)])),
        })),
      },
    ];
  },
};

/** Table 7 in per cent of its pairs. */
function printed(task: ComparedTask, preference: Preference): number {
  const number = (column: string) =>
    publishedNumber(readPublished("table-7"), { task: getTask(task).title }, column)!;
  return (100 * number(preference)) / number("total");
}

/** What most raters of each pair say. */
function majorities(ratings: readonly Rating[]): Map<string, Preference> {
  const said = new Map<string, Preference[]>();
  for (const { pair, verdict } of ratings) said.set(pair, [...(said.get(pair) ?? []), verdict]);
  return new Map([...said].map(([pair, verdicts]) => [pair, majority(verdicts)]));
}

function comparison(
  task: ComparedTask,
  pairs: readonly MatchedPair[],
  verdicts: ReadonlyMap<string, Preference>,
  ratedBy: string,
  simulated: boolean,
): Comparison {
  const said = pairs.flatMap(({ id, identical }) => (identical ? "tie" : (verdicts.get(id) ?? [])));
  const points = (values: readonly number[]) =>
    toPoints(values.length > 0 ? bootstrapMean([values]) : { mean: 0, low: 0, high: 0, level: 0.95 });
  const shareOf = (p: Preference) => points(said.map((s) => Number(s === p)));
  return {
    task,
    compared: compared[task],
    ratedBy,
    simulated,
    pairs: said.length,
    identical: pairs.filter(({ identical }) => identical).length,
    share: { win: shareOf("win"), lose: shareOf("lose"), tie: shareOf("tie") },
    lead: points(said.map((s) => (s === "win" ? 1 : s === "lose" ? -1 : 0))),
  };
}

function agreementOf(ratings: readonly Rating[]): HumanComparison["agreement"] {
  const raters = [...new Set(ratings.map(({ rater }) => rater))];
  const byPair = new Map<string, Preference[]>();
  for (const { pair, verdict } of ratings) byPair.set(pair, [...(byPair.get(pair) ?? []), verdict]);
  const counts = [...byPair.values()].filter((said) => said.length === raters.length).map(countsOf);
  if (raters.length < 2 || counts.length === 0) return null;
  const observed = observedAgreement(counts);
  return { raters, pairs: counts.length, observed, kappa: fleissKappa(counts) };
}

const percent = <T>(items: readonly T[], holds: (item: T) => boolean): number | null =>
  items.length > 0 ? (100 * items.filter(holds).length) / items.length : null;

function verdictOf({ task, pairs, identical, lead, ratedBy, simulated }: Comparison): Verdict {
  const { title } = getTask(task);
  const table = readPublished("table-7");
  const [win, lose, tie] = preferences.map((p) => publishedNumber(table, { task: title }, p));
  const statement: Statement = {
    source: "table-7",
    claim: "answer forcing and reformatting give trajectories of the quality of exploration",
    part: title,
    published: `${win} wins, ${lose} losses, ${tie} ties`,
    test: "the interval of wins − losses, in points of the pairs, contains 0",
  };
  if (pairs === 0) return notTestable(statement, "no instance has a trajectory of either kind");
  if (pairs === identical)
    return notTestable(
      statement,
      `all ${pairs} pairs are word for word the same: this teacher writes one solution, whichever way it is asked`,
    );
  if (simulated)
    return notTestable(
      statement,
      "nobody has rated: the simulated judge knows rewards and lengths, and nothing of the quality of thoughts; " +
        `it finds ${lead.mean.toFixed(1)} points [${lead.low.toFixed(1)}, ${lead.high.toFixed(1)}]`,
    );
  return containsZero(statement, lead, `${pairs} pairs, ${identical} of them identical, rated by ${ratedBy}`);
}
