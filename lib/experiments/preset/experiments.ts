/** What a preset says of each experiment. */
import { z } from "zod";
import { getTask } from "../../tasks/registry";
import { preferSettingsSchema } from "../../training/prefer";
import { skills } from "../../trajectory/schema";
import { countsSchema, taskName } from "../counts";
import { budget, count, openai, seeds, share } from "./parts";

/** Sizes of an experiment that trains a model for each point of a sweep. */
const sizes = {
  /** Every training is repeated with each. */
  seeds,
  /** Of each training. Default: that of `training`. */
  budget: budget.optional(),
  /** Test instances of each task. Default: those of `data`. */
  test: countsSchema.optional(),
};

/** Trajectories of each task. */
const perTask = z.array(z.union([count, z.literal("all")]));
const skillsOf = (names: readonly string[]) =>
  [...new Set(names.map((name) => getTask(name).skill))].sort().join();

export const experimentsSchema = z.strictObject({
  annotation: z.strictObject({
    /** Tasks annotated beside the preset's own, such as those that are searched; no model is trained on them. */
    extra: z.strictObject({ tasks: z.array(taskName), instances: count }),
    seeds,
    budget: budget.optional(),
  }),
  difficultyBias: z.strictObject({
    /** Instances annotated by either pipeline, of which the sets below are drawn. */
    annotated: count,
    train: count,
    pseudo: count,
    test: count,
    /** Seeds of its own: the effect is small. */
    seeds,
    budget: budget.optional(),
  }),
  humanComparison: z.strictObject({
    /** Training instances that are explored until they succeed, for the other side of the pairs. */
    annotated: count,
    /** Episodes at most before an instance is given up there. */
    attempts: count,
    /** Pairs of each comparison at most; Table 7: 100 and 80. */
    pairs: count,
    /** The model that judges every pair, and stands in where no person has rated. */
    judge: z.discriminatedUnion("kind", [z.strictObject({ kind: z.literal("simulated") }), openai]),
  }),
  contamination: z.strictObject({
    /** Tokens of the n-grams that are looked for; Table 8: 9 and 13. */
    ngrams: z.array(count).min(1),
    /** Test instances of each task whose gold episode is played for its observations and actions. */
    played: count,
  }),
  baseModels: z.strictObject({
    /** Names of starting points (recipes.ts): bases of the preset, `generalist`, `code`, `scratch`. */
    bases: z.array(z.string()).min(1),
    /** Two of them, of which the paper's claim is that the weaker gains more. */
    weaker: z.string(),
    stronger: z.string(),
    ...sizes,
  }),
  generalistRatio: z.strictObject({
    shares: z.array(share).min(2),
    /** Names of starting points (recipes.ts); `generalist` is tuned on generalist conversations, as Vicuna is. */
    bases: z.array(z.string()).min(1),
    ...sizes,
  }),
  codeRatio: z.strictObject({
    /** Shares of code data. Share 0 is a run of `generalistRatio` too, where sizes are the same. */
    shares: z.array(share).min(2),
    bases: z.array(z.string()).min(1),
    ...sizes,
  }),
  scaling: z.strictObject({
    /** The number of tasks. */
    tasks: z
      .strictObject({
        /** Nested: the first group alone, then with the second, and so on. Each covers the same skills. */
        groups: z.array(z.array(taskName).min(1)).min(2),
        /** Trajectories that the tasks of a level share. */
        trajectories: count,
        /** Instances annotated of a task that the bank does not hold. */
        annotated: count,
        seeds,
      })
      .refine(({ groups }) => new Set(groups.map(skillsOf)).size === 1, "groups must cover the same skills"),
    /** The number of trajectories of each of these tasks of the bank, ascending; `all` is its whole part of the bank. */
    trajectories: z.strictObject({
      tasks: z.array(taskName).min(1),
      perTask: perTask.min(2),
      /** Of the fewest and of the most; what lies between has the first alone. */
      seeds,
    }),
    budget: sizes.budget,
    test: sizes.test,
  }),
  skillTransfer: z.strictObject({
    /** Skills that a model is tuned on. Default: all that have a held-in task. */
    skills: z.array(z.enum(skills)).min(1).optional(),
    ...sizes,
  }),
  diversity: z.strictObject({
    /** The same number of trajectories from nested groups of tasks, as in `scaling`, whatever their skills. */
    trajectories: count,
    groups: z.array(z.array(taskName).min(1)).min(2),
    /** Instances annotated of a task that the bank does not hold. */
    annotated: count,
    /** More trajectories of each task of the first group, as in `scaling`. */
    perTask: perTask.min(2),
    ...sizes,
  }),
  agentTuning: z.strictObject({
    /** Shares of agent data, the rest generalist; 0.2 is AgentTuning's. */
    etas: z.array(share).min(2),
    /** Name of a base; `generalist` is the first base tuned on generalist conversations, as chat models are. */
    base: z.string(),
    /** Explored trajectories of each task that are trained on. */
    trajectories: count,
    /** Rewards that a trajectory must reach to be kept, for as many trajectories; 0 keeps all, 1 is AgentTuning's. */
    rewards: z.array(share).min(2),
    /** Share of agent data while the reward varies. */
    filterEta: share,
    abilities: z.strictObject({
      /** Conversations of each kind that no training reads. */
      conversations: count,
      /** Folder of MMLU's files, or `mmlu` once they are downloaded. */
      mmlu: z
        .strictObject({
          folder: z.string(),
          shots: z.int().min(0).max(5),
          /** Questions of each subject at most. Default: all. */
          perSubject: count.nullable().default(null),
        })
        .optional(),
    }),
    seeds,
    budget: budget.optional(),
  }),
  rationale: z.strictObject({
    /** Trajectories of each task that are trained on, of either way to annotate. */
    trajectories: count,
    /** Trajectories of a step, and steps: a budget of tokens would show more decisions to what has no thoughts. */
    rows: count,
    steps: count,
    seeds,
  }),
  agentbench: z.strictObject({
    /** AgentBench's name of a task to the kit's task that is played for it. */
    tasks: z.partialRecord(z.enum(["OS", "DB", "KG", "DCG", "LTP", "HH", "WS", "WB"]), taskName),
  }),
  beyond: z.strictObject({
    /** Of the main results' seeds, whose tuned agents it starts from. */
    seeds,
    /** Of the bank, those that are played. Default: all that the paper holds in. */
    tasks: z.array(taskName).min(1).optional(),
    /** What each arm that has to learn something is trained on for, beyond the tuned agent. Default: `training`'s. */
    budget: budget.optional(),
    /** Peak rate of that training: lower than the first one's, for it goes on from there. */
    learningRate: z.number().positive(),
    /** Trials of Reflexion, and of trying again without it. */
    trials: count,
    /** At which the agent tries again and explores; ETO: 0.7. */
    temperature: z.number().positive(),
    /** Training instances of each task that the agent explores. */
    explored: count,
    /** Of preference training, in the place of ETO's own (training/prefer.ts). */
    preference: preferSettingsSchema
      .pick({ beta: true, learningRate: true, batch: true, schedule: true, warmup: true })
      .partial(),
  }),
});
