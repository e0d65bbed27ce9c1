import { bootstrapMean, type Interval } from "../../evaluation/bootstrap";
import { bootstrapSeeds, paired } from "../../evaluation/seeds";
import { publishedNumber, readPublished } from "../../report/published";
import type { AgentTuning, Measured } from "../agent-tuning";
import type { Preset } from "../preset";
import { gain, toPoints } from "../scores";
import { above, aboveZero, notTestable, type Statement, type Verdict } from "../verdict";

const source = "agenttuning";
/** Points of score that general abilities may lose and still count as kept. */
const MARGIN = 5;

/** All that the verdicts look at. */
interface Evidence {
  start: Measured;
  byEta: ReadonlyMap<number, Measured>;
  byReward: ReadonlyMap<number, Measured>;
  filters: AgentTuning["filters"];
}

export function agentTuningVerdicts(preset: Preset, evidence: Evidence): Verdict[] {
  return [
    ...lift(evidence),
    generalization(evidence),
    ...tradeOff(evidence),
    ...filter(preset, evidence),
    ...forgetting(evidence),
    notTestable(
      {
        source,
        claim: "the 70B model comes close to GPT-3.5-turbo on unseen agent tasks",
        test: "held-out average, GPT-3.5-turbo − the 70B model on the same instances, is below 5 points",
      },
      "no run tunes a 70B model or plays with GPT-3.5-turbo",
    ),
  ];
}

/** η as AgentTuning sets it. */
const published = (): number =>
  publishedNumber(readPublished(source), { quantity: "share of agent data (eta)" }, "value")!;

/** A difference of averages over the tasks of one half; null where the preset has none or lacks one of the models. */
function difference(a: Measured | undefined, b: Measured | undefined, held: "in" | "out"): Interval | null {
  return a && b && a[held].length > 0 ? gain(a[held], b[held]) : null;
}

/** @param measured null where what the statement needs was not trained or not played */
const orNotTestable = (statement: Statement, measured: Interval | null, lack: string): Verdict =>
  measured ? aboveZero(statement, measured) : notTestable(statement, lack);

function lift({ start, byEta }: Evidence): Verdict[] {
  const eta = published();
  return (["in", "out"] as const).map((held) =>
    orNotTestable(
      {
        source,
        claim: "tuning lifts the base model on held-in and held-out agent tasks",
        part: `held-${held}`,
        test: `held-${held} average, at η = ${eta} − before tuning, paired by instance, is above 0`,
      },
      difference(byEta.get(eta), start, held),
      `the preset trains no model at η = ${eta}, or has no held-${held} task`,
    ),
  );
}

function generalization({ byEta }: Evidence): Verdict {
  const eta = published();
  return orNotTestable(
    {
      source,
      claim: "a mixture generalizes better than agent data alone",
      test: `held-out average, at η = ${eta} − at η = 1, paired by instance, is above 0`,
    },
    difference(byEta.get(eta), byEta.get(1), "out"),
    `the preset trains no model at η = ${eta} or η = 1, or has no held-out task`,
  );
}

/** Between the least and the most agent data. */
function tradeOff({ byEta }: Evidence): Verdict[] {
  const [least, most] = [Math.min(...byEta.keys()), Math.max(...byEta.keys())];
  const [low, high] = [byEta.get(least)!, byEta.get(most)!];
  const claim = "a higher eta improves agent performance but may reduce general abilities";
  const abilities = [...low.abilities].map(([name, { scores }]) =>
    aboveZero(
      {
        source,
        claim,
        part: name,
        test: `score in ${name}, at η = ${least} − at η = ${most}, paired by question, is above 0`,
      },
      toPoints(bootstrapSeeds([paired(scores, high.abilities.get(name)!.scores)])),
    ),
  );
  return [
    aboveZero(
      {
        source,
        claim,
        part: "agent performance",
        test: `held-in average, at η = ${most} − at η = ${least}, paired by instance, is above 0`,
      },
      gain(high.in, low.in),
    ),
    ...abilities,
  ];
}

function filter(preset: Preset, { byReward, filters }: Evidence): Verdict[] {
  const full = byReward.get(1);
  const between = [...byReward.keys()].filter((reward) => reward > 0 && reward < 1).at(-1);
  const eta = preset.experiments.agentTuning.filterEta;
  const better = (["in", "out"] as const).map((held) =>
    orNotTestable(
      {
        source,
        claim: "the filtered trajectories train better agents than the unfiltered",
        part: `held-${held}`,
        test:
          `held-${held} average at η = ${eta}, reward = 1 − unfiltered, as many trajectories of each, paired by ` +
          "instance, is above 0",
      },
      difference(full, byReward.get(0), held),
      `the preset trains on no unfiltered or no full-reward trajectories, or has no held-${held} task`,
    ),
  );
  const claim = "stricter filtering improves quality but reduces the size of the data";
  const strict = filters.find((f) => f.reward === 1);
  return [
    ...better,
    orNotTestable(
      {
        source,
        claim,
        part: "quality",
        test:
          `held-in average at η = ${eta}, reward = 1 − reward ≥ ${between ?? "some of it"}, as many trajectories of ` +
          "each, paired by instance, is above 0",
      },
      between === undefined ? null : difference(full, byReward.get(between), "in"),
      "the preset has no filter between none and full reward",
    ),
    orNotTestable(
      {
        source,
        claim,
        part: "size",
        test: "the share of explored instances, in %, whose trajectory the filter by full reward drops is above 0",
      },
      strict ? dropped(strict) : null,
      "the preset trains on no full-reward trajectories",
    ),
  ];
}

function dropped({ kept, of }: AgentTuning["filters"][number]): Interval {
  return toPoints(bootstrapMean([Array.from({ length: of }, (_, i) => (i < kept ? 0 : 1))]));
}

function forgetting({ start, byEta }: Evidence): Verdict[] {
  const eta = published();
  const tuned = byEta.get(eta);
  return [...start.abilities].map(([name, { scores }]) => {
    const statement: Statement = {
      source,
      claim: "general abilities are kept at eta = 0.2",
      part: name,
      test: `score in ${name}, at η = ${eta} − before tuning, paired by question, is above −${MARGIN} points`,
    };
    if (!tuned) return notTestable(statement, `the preset trains no model at η = ${eta}`);
    const measured = toPoints(bootstrapSeeds([paired(tuned.abilities.get(name)!.scores, scores)]));
    return above(statement, -MARGIN, measured);
  });
}
