/** What the arms earned and cost, and what stands behind two of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Episode } from "../../agent";
import type { Interval } from "../../evaluation/bootstrap";
import { bootstrapSeeds, paired, type SeedRewards } from "../../evaluation/seeds";
import { rewooRows } from "../../mechanisms/rewoo/rows";
import { readBank, readEpisodes, readExplored } from "../../runs/read";
import { runFolder } from "../../runs/store";
import { getTask } from "../../tasks/registry";
import type { PreferSummary } from "../../training/prefer";
import type { Preset } from "../preset";
import { annotation } from "../recipes";
import { average, gain } from "../scores";
import { type Arm, type ArmName, armEvaluations, arms, contrasted, explorations, tasksOf } from "./arms";

/** `episodes[task][seed][instance]` of an arm. */
type Played = Episode[][][];

export interface ArmRow {
  arm: ArmName;
  /** Tasks that it is played on. */
  tasks: number;
  models: number;
  score: Interval;
  /** Against the tuned agent, and against the tuned agent trained on, on the same tasks; points, paired by instance. */
  gain: Interval | null;
  gainOverTraining: Interval | null;
  /** Of an episode, on average over tasks: calls of a model, tokens that it read and wrote. */
  calls: Interval;
  read: Interval;
  written: Interval;
  seeds: number;
}

export interface Curve {
  arm: ArmName;
  /** Average over tasks in points after 1, 2, … trials. */
  scores: Interval[];
}

export interface Plannable {
  task: string;
  trajectories: number;
  /** Of them, those that could have been planned, in %. */
  planned: number;
  /** Why the others could not: the most frequent reason. */
  why: string | null;
}

export interface Contrast {
  task: string;
  explored: number;
  /** Pairs in which the bank did better, and those in which the agent did. */
  bankBetter: number;
  agentBetter: number;
}

export interface ArmMeasures {
  rows: ArmRow[];
  curves: Curve[];
  plannable: Plannable[];
  contrasts: Contrast[];
  /** Of the last steps of preference training, first seed. */
  preference: PreferSummary;
  /** Paired differences in points, and of tokens read an episode. */
  difference(a: ArmName, b: ArmName): Interval | null;
  savedTokens(a: ArmName, b: ArmName): Interval | null;
}

export async function measureArms(preset: Preset): Promise<ArmMeasures> {
  const all = arms(preset);
  const played = new Map<ArmName, { arm: Arm; episodes: Played }>();
  for (const arm of all) {
    const ofTask = (task: string) => Promise.all(armEvaluations(preset, arm, task).map(readEpisodes));
    played.set(arm.name, { arm, episodes: await Promise.all(arm.tasks.map(ofTask)) });
  }
  const values = (
    name: ArmName,
    of: (episode: Episode) => number,
    tasks?: readonly string[],
  ): SeedRewards[] => {
    const { arm, episodes } = played.get(name)!;
    const groups = episodes.filter((_, t) => !tasks || tasks.includes(arm.tasks[t]!));
    return groups.map((seeds) => seeds.map((instances) => instances.map(of)));
  };
  const reward = (episode: Episode) => episode.reward;
  /** On the tasks that both are played on. */
  const compare = <T>(a: ArmName, b: ArmName, use: (tasks: string[]) => T): T | null => {
    const [first, second] = [played.get(a)?.arm.tasks, played.get(b)?.arm.tasks];
    const tasks = first?.filter((task) => second?.includes(task)) ?? [];
    return tasks.length > 0 ? use(tasks) : null;
  };
  const difference = (a: ArmName, b: ArmName) =>
    compare(a, b, (tasks) => gain(values(a, reward, tasks), values(b, reward, tasks)));
  const tokens = ({ usage }: Episode) => usage.promptTokens + usage.completionTokens;
  const savedTokens = (a: ArmName, b: ArmName) =>
    compare(a, b, (tasks) => {
      const other = values(b, tokens, tasks);
      return bootstrapSeeds(values(a, tokens, tasks).map((group, t) => paired(other[t]!, group)));
    });

  const rows = all.map((arm): ArmRow => {
    const cost = (of: (usage: Episode["usage"]) => number) =>
      bootstrapSeeds(values(arm.name, ({ usage }) => of(usage)));
    return {
      arm: arm.name,
      tasks: arm.tasks.length,
      models: arm.models,
      score: average(values(arm.name, reward)),
      gain: arm.name === "tuned agent" ? null : difference(arm.name, "tuned agent"),
      gainOverTraining: arm.trained && arm.name !== "trained on" ? difference(arm.name, "trained on") : null,
      calls: cost((u) => u.calls),
      read: cost((u) => u.promptTokens),
      written: cost((u) => u.completionTokens),
      seeds: arm.seeds.length,
    };
  });

  const { trials, seeds } = preset.experiments.beyond;
  const curves = (["retry", "Reflexion", "Reflexion, taught"] as const).map((arm) => ({
    arm,
    scores: Array.from({ length: trials }, (_, k) =>
      average(values(arm, (episode) => rewardAfter(episode, k))),
    ),
  }));
  return {
    rows,
    curves,
    plannable: await Promise.all(tasksOf(preset).map((task) => plannableOf(preset, task))),
    contrasts: await contrastsOf(preset, seeds[0]!),
    preference: JSON.parse(
      readFileSync(join(runFolder(contrasted(preset, seeds[0]!)), "train.json"), "utf8"),
    ) as PreferSummary,
    difference,
    savedTokens,
  };
}

/** What the agent had after so many trials more than one: an episode that succeeded stays as it is. */
function rewardAfter({ trials = [], reward }: Episode, k: number): number {
  return trials[Math.min(k, trials.length - 1)]?.reward ?? reward;
}

async function plannableOf(preset: Preset, task: string): Promise<Plannable> {
  const bank = await readBank(annotation(preset, task));
  const faults = new Map<string, number>();
  for (const trajectory of bank) {
    const found = rewooRows(getTask(task), trajectory);
    if ("fault" in found) faults.set(found.fault, (faults.get(found.fault) ?? 0) + 1);
  }
  const failed = [...faults.values()].reduce((a, b) => a + b, 0);
  const [why = null] = [...faults].sort((a, b) => b[1] - a[1]).map(([fault]) => fault);
  return { task, trajectories: bank.length, planned: (100 * (bank.length - failed)) / bank.length, why };
}

async function contrastsOf(preset: Preset, seed: number): Promise<Contrast[]> {
  return Promise.all(
    explorations(preset, seed).map(async (spec) => {
      const pairs = await readExplored([spec]);
      const bankBetter = pairs.filter(({ rejected }) => rejected.id.endsWith("/explored")).length;
      const explored = (await readEpisodes(spec)).length;
      const task = spec.bank.from.instances.task;
      return { task, explored, bankBetter, agentBetter: pairs.length - bankBetter };
    }),
  );
}
