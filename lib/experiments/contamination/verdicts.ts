/** What Table 8 and appendix D conclude, tested on what was compared. */
import { bootstrapMean } from "../../evaluation/bootstrap";
import { bootstrapSeeds, type SeedRewards } from "../../evaluation/seeds";
import { toPoints } from "../scores";
import { aboveZero, containsZero, notTestable, type Verdict } from "../verdict";
import { type Compared, heldOf, overlapping } from "./compare";

const source = "table-8";

/** An n-gram that stands in so many trajectories is no copy of one instance. */
export const TEMPLATE = 10;

const isHeld =
  (held: "in" | "out") =>
  ({ task }: Compared) =>
    heldOf(task) === held;

/** Held-out instances that share an n-gram with the trajectories, for each n. */
export function heldOutClean(agent: readonly Compared[]): Verdict[] {
  const ns = [...new Set(agent.map(({ n }) => n))];
  return ns.map((n) => {
    const statement = {
      source,
      claim: "held-out tasks are not contaminated",
      part: `${n}-grams`,
      published: "0 % of every task",
      test: `the interval of the rate of instances that share a ${n}-gram with the trajectories, averaged over tasks, contains 0`,
    };
    const tasks = agent.filter((c) => c.n === n).filter(isHeld("out"));
    if (tasks.length === 0) return notTestable(statement, "the preset has no held-out task");
    const rate = bootstrapMean(tasks.map(({ overlaps }) => overlaps.map((o) => Number(overlapping(o)))));
    const count = tasks.reduce((sum, { overlaps }) => sum + overlaps.length, 0);
    return containsZero(
      statement,
      toPoints(rate),
      `of ${count} instances; where none overlaps, a rate of ${(300 / count).toFixed(1)} % is still likely enough (rule of three)`,
    );
  });
}

/** Whether what held-in instances share is a template's, by the trajectories that hold it. */
export function fromTemplates(agent: readonly Compared[]): Verdict {
  const n = Math.min(...agent.map((c) => c.n));
  const shares = agent
    .filter((c) => c.n === n)
    .filter(isHeld("in"))
    .flatMap(({ overlaps }) => overlaps.filter(overlapping))
    .map(({ shared }) => shared.filter((gram) => gram.documents >= TEMPLATE).length / shared.length - 0.5);
  const statement = {
    source,
    claim: "held-in overlap comes from templates and common code",
    test: `of the ${n}-grams that an overlapping instance shares, more than half (in points above 50 %) stand in ${TEMPLATE} trajectories or more`,
  };
  if (shares.length === 0) return notTestable(statement, "no held-in instance overlaps");
  return aboveZero(statement, toPoints(bootstrapMean([shares])), `${shares.length} instances overlap`);
}

/**
 * Whether the tuned model is better on held-in instances that overlap than on the others of their task.
 *
 * @param rewards by task: what each seed earned on the instances, in their order
 */
export function helpsScores(agent: readonly Compared[], rewards: ReadonlyMap<string, SeedRewards>): Verdict {
  const n = Math.min(...agent.map((c) => c.n));
  const pairs = agent
    .filter((c) => c.n === n)
    .flatMap(({ task, overlaps }) => {
      const seeds = rewards.get(task);
      if (!seeds) return [];
      const part = (wanted: boolean) =>
        seeds.map((row) => row.filter((_, i) => overlapping(overlaps[i]!) === wanted));
      const [dirty, clean] = [part(true), part(false)];
      return dirty[0]!.length > 0 && clean[0]!.length > 0 ? [{ task, dirty, clean }] : [];
    });
  const statement = {
    source,
    claim: "contamination has a minimal impact on the results",
    test: `the interval of the tuned model's reward on held-in instances that share a ${n}-gram with the trajectories − on the others of their task, in points, contains 0`,
  };
  if (pairs.length === 0)
    return notTestable(statement, "in every held-in task either all instances overlap or none does");
  const difference = bootstrapSeeds(
    pairs.flatMap(({ dirty, clean }) => [dirty, clean]),
    pairs.flatMap(() => [1 / pairs.length, -1 / pairs.length]),
  );
  const told = pairs.map(({ task, dirty, clean }) => `${task} ${dirty[0]!.length}/${clean[0]!.length}`);
  return containsZero(
    statement,
    toPoints(difference),
    `instances that overlap/that do not: ${told.join(", ")}; a wide interval contains 0 too`,
  );
}
