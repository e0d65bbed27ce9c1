import type { Interval } from "../../evaluation/bootstrap";
import type { Preset } from "../preset";
import type { ArmRewards, Rationale } from "../rationale";
import { gain } from "../scores";
import { aboveZero, notTestable, type Statement, type Verdict } from "../verdict";
import type { Arm } from "./arms";

const halves = ["in", "out"] as const;

/** All that the verdicts look at. */
interface Evidence extends Pick<Rationale, "coverage" | "shared"> {
  rewards: Record<Arm, ArmRewards>;
}

export function rationaleVerdicts(preset: Preset, evidence: Evidence): Verdict[] {
  const { trajectories } = preset.experiments.rationale;
  const thoughts = (source: string, claim: string) =>
    compare(evidence, "apart", "alone", {
      source,
      claim,
      test: "trained with thoughts − on the same decisions in the same order without, paired by instance, is above 0",
    });
  return [
    ...thoughts(
      "rationale",
      "CoT rationales are crucial for the model to learn the underlying reasoning process, not just the actions themselves",
    ),
    easier(preset, evidence),
    ...compare(
      evidence,
      "apart",
      "together",
      {
        source: "rationale",
        claim: SEPARATING,
        test:
          `${trajectories} trajectories of each task annotated apart − as many annotated at once, paired by test ` +
          "instance, is above 0",
      },
      sameText(evidence),
    ),
    sameInstances(evidence),
    ...thoughts(
      "agenttuning-rationale",
      "Chain-of-Thought rationales in interaction trajectories teach the model reasoning processes",
    ),
  ];
}

const SEPARATING = "separating action and rationale generation reduces difficulty bias";

/** A verdict for either half. */
function compare(
  { rewards }: Evidence,
  a: Arm,
  b: Arm,
  statement: Omit<Statement, "part">,
  note?: string,
): Verdict[] {
  return halves.map((held) => {
    const part = `held-${held}`;
    const stated = { ...statement, part, test: `${part} average, ${statement.test}` };
    const difference: Interval | null =
      rewards[a][held].length > 0 ? gain(rewards[a][held], rewards[b][held]) : null;
    return difference
      ? aboveZero(stated, difference, note)
      : notTestable(stated, `the preset has no ${part} task`);
  });
}

function easier(preset: Preset, { coverage }: Evidence): Verdict {
  const simulated = preset.teacher.kind === "simulated";
  return aboveZero(
    {
      source: "rationale",
      claim:
        "generating rationales for gold actions is easier than generating both actions and rationales simultaneously",
      test: "share of instances annotated, apart − at once, in points, paired by instance, is above 0",
    },
    coverage,
    simulated
      ? "how often the simulated teacher solves an instance by itself is set by its competence"
      : undefined,
  );
}

/** How much of the two banks is the same: then the arms differ by the instances that they cover, and by nothing else. */
function sameText({ shared: { instances, identical } }: Evidence): string {
  return `of ${instances} instances annotated both ways, ${identical} have the same text`;
}

function sameInstances(evidence: Evidence): Verdict {
  const { instances, identical } = evidence.shared;
  return notTestable(
    {
      source: "rationale",
      claim: SEPARATING,
      part: "same instances",
      test: "average of all tasks, trained on the same instances annotated apart − at once, is above 0",
    },
    instances === identical
      ? `${sameText(evidence)}: the two ways differ by coverage alone, and the same instances give the same model`
      : `${sameText(evidence)}: no run trains on the shared instances alone`,
  );
}
