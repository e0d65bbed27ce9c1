import { replay, toTrajectory } from "../agent";
import { addUsage } from "../llm/client";
import { answerForcingPrompt, parseSolution } from "./prompts";
import { type Annotate, provenance, spent, verdict } from "./strategy";

/**
 * Answer forcing (section 3.4): the teacher sees its failed trajectory and the gold final answer and writes a correct
 * one. What it wrote is played through the real environment, so the observations are true and the reward is earned.
 */
export const answerForce: Annotate = async (instance, context, previous) => {
  const { task, teacher, attempts, rewardAbove, seed } = context;
  const failed = previous?.trajectory === null ? previous.episode : undefined;
  const answer = task.answer(instance);
  if (!failed || answer === null) {
    const reason = failed
      ? "the task has no gold final answer to show"
      : "no failed episode to mend: explore first";
    return { trajectory: null, strategy: "answer-forcing", reason, reward: null, usage: spent(previous) };
  }

  let usage = spent(previous);
  let reason = "";
  let reward: number | null = null;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const reply = await teacher.complete({
      messages: answerForcingPrompt(failed.turns, answer),
      temperature: attempt === 0 ? 0 : 1,
      seed: seed * attempts + attempt,
    });
    usage = addUsage(usage, reply.usage);
    const steps = parseSolution(reply.text);
    if (steps.length === 0) {
      reason = "the reply holds no step";
      continue;
    }
    const episode = await replay({ task, instance, steps, shots: context.shots });
    reward = episode.reward;
    if (episode.reward > rewardAbove && episode.ending === "submitted")
      return {
        trajectory: toTrajectory(episode, task, provenance("answer-forcing", instance, context, usage)),
      };
    reason = `replayed to ${verdict(episode)}`;
  }
  return { trajectory: null, strategy: "answer-forcing", reason, reward, usage, episode: failed };
};
