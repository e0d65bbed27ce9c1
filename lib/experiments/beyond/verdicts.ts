/** The hypotheses that the papers leave open, each with the test that was stated for it. */
import type { Interval } from "../../evaluation/bootstrap";
import { bootstrapSeeds, paired } from "../../evaluation/seeds";
import { toPoints } from "../scores";
import { aboveZero, notTestable, type Statement, type Verdict } from "../verdict";
import type { ArmMeasures } from "./measure";
import type { Sizes } from "./sizes";

const source = "open-questions";

export function verdictsOf({ difference, savedTokens }: ArmMeasures, sizes: Sizes): Verdict[] {
  const judged = (statement: Omit<Statement, "source">, interval: Interval | null, note?: string) =>
    interval
      ? aboveZero({ source, ...statement }, interval, note)
      : notTestable({ source, ...statement }, "none of the preset's tasks can be planned ahead");

  const reflexion = "the agent gains from Reflexion";
  const rewoo = "the agent gains from ReWOO";
  const exploration = "learning from its own exploration takes the agent beyond behavioural cloning";
  const agents = "several agents of tuned open models do better than one";
  return [
    larger(sizes),
    judged(
      {
        claim: reflexion,
        part: "over one trial",
        test: "average after the last trial, Reflexion − the tuned agent, paired by instance, is above 0",
      },
      difference("Reflexion", "tuned agent"),
      "the oracle ends it at success: where rewards are 0 or 1, it cannot fall behind",
    ),
    judged(
      {
        claim: reflexion,
        part: "over the same oracle without reflecting",
        test: "average after the last trial, Reflexion − retry, paired by instance, is above 0",
      },
      difference("Reflexion", "retry"),
    ),
    judged(
      {
        claim: reflexion,
        part: "taught to reflect, over the same oracle",
        test: "average after the last trial, taught Reflexion − retry, paired by instance, is above 0",
      },
      difference("Reflexion, taught", "retry"),
      "it was trained for longer than what it is compared with",
    ),
    judged(
      {
        claim: rewoo,
        part: "score",
        test: "average on tasks that can be planned, ReWOO − the tuned agent trained on, paired, is above 0",
      },
      difference("ReWOO", "trained on"),
    ),
    judged(
      {
        claim: rewoo,
        part: "tokens",
        test: "tokens read and written an episode on those tasks, the tuned agent trained on − ReWOO, paired, is above 0",
      },
      savedTokens("ReWOO", "trained on"),
      "in tokens, not points",
    ),
    judged(
      {
        claim: exploration,
        part: "over the tuned agent",
        test: "average, ETO − the tuned agent, paired by instance, is above 0",
      },
      difference("ETO", "tuned agent"),
    ),
    judged(
      {
        claim: exploration,
        part: "over as much more behavioural cloning",
        test: "average, ETO − the tuned agent trained on for as many tokens, paired by instance, is above 0",
      },
      difference("ETO", "trained on"),
    ),
    judged(
      {
        claim: agents,
        part: "one model in two roles: equal parameters",
        test: "average, two roles − the tuned agent trained on, paired by instance, is above 0",
      },
      difference("two roles", "trained on"),
    ),
    judged(
      {
        claim: agents,
        part: "two models: twice the parameters",
        test: "average, planner and actor − the tuned agent trained on, paired by instance, is above 0",
      },
      difference("planner and actor", "trained on"),
    ),
    ...agentTuning(),
  ];
}

function larger({ rows, rewards }: Sizes): Verdict {
  const statement = {
    source,
    claim: "larger models gain more from trajectory tuning",
    test: "average gain over its base, largest − smallest base of the preset, paired by instance, is above 0",
  };
  if (rows.length < 2)
    return notTestable(statement, "the preset names one base: a larger one is not compared");
  const gainOf = ({ before, after }: Sizes["rewards"][number]) =>
    after.map((group, t) => paired(group, before[t]!));
  const [small, large] = [gainOf(rewards[0]!), gainOf(rewards.at(-1)!)];
  const seeds = large.map((group, t) => paired(group, small[t]!));
  return aboveZero(statement, toPoints(bootstrapSeeds(seeds)));
}

/** What AgentTuning leaves open takes other means than a preset of this kit has. */
function agentTuning(): Verdict[] {
  const open = (claim: string, test: string, why: string) =>
    notTestable({ source: "agenttuning-open-questions", claim, test }, why);
  return [
    open(
      "larger models gain more from general data in the mixture",
      "held-out average, best η − η = 1, is larger for the larger base",
      "this experiment sweeps no η; that takes bases of several sizes, each tuned at several shares",
    ),
    open(
      "agent tuning carries over to domains beyond language, such as robotics and vision",
      "an agent tuned on trajectories of robots or images beats its base there",
      "the kit's models read and write text alone",
    ),
    open(
      "the quality and diversity of the general data decide how the agent does on unseen tasks",
      "held-out average differs between general data of unequal diversity, at equal size",
      "every run of the preset mixes in the same general data",
    ),
  ];
}
