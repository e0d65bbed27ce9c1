/** The ReAct loop: an agent model thinks, acts and observes until the episode ends. Section 3.1 of the paper. */
import type { Environment } from "./envs/environment";
import { addUsage, type LanguageModel, noUsage } from "./llm/client";
import { ACTION_FORMAT_FAULT, FORMAT_FAULT, observationTurn, openingPrompt } from "./tasks/prompt";
import type { Instance, Step, Task } from "./tasks/task";
import { parseReact, printReact } from "./trajectory/react";
import { type Provenance, SCHEMA_VERSION, type Trajectory, type Turn, type Usage } from "./trajectory/schema";

/** Why an episode is over. `submitted`: the environment said so; only then is the reward the task's verdict. */
export const endings = [
  "submitted",
  "step limit",
  "format error",
  "context limit",
  "environment error",
] as const;
export type Ending = (typeof endings)[number];

/** Replies in a row that are no thought and action before the episode is given up. */
const MAX_FORMAT_FAULTS = 3;

export interface Episode {
  task: string;
  instance: string;
  difficulty: number | null;
  /** u, a1, o1, …, an: what followed the last action is in `reward` and `ending`. */
  turns: Turn[];
  /** In [0, 1]: what the environment last granted. */
  reward: number;
  ending: Ending;
  /** The message of the exception, where the ending is "environment error". */
  error: string | null;
  /** Replies of the model, unparsable ones included. */
  steps: number;
  usage: Usage;
  /** Every trial, of mechanisms that try again: the last one is this episode. */
  trials?: Trial[];
}

/** How one of several tries at an instance came out. */
export interface Trial {
  reward: number;
  ending: Ending;
  steps: number;
  /** What the agent told itself after it; null where nothing was asked, or nothing said. */
  reflection: string | null;
}

export interface EpisodeOptions<I extends Instance> {
  task: Task<I>;
  instance: I;
  model: LanguageModel;
  /** 1 puts the task's example into the prompt. */
  shots: 0 | 1;
  /** Default: the task's own. */
  maxSteps?: number;
  /** Default 0, greedy. */
  temperature?: number;
  seed?: number;
  /** Completion tokens of one step. Default: the client's own. */
  maxTokens?: number;
  /** Names the episode to the model, which may keep its KV cache under that name. */
  session?: string;
  /** False asks for actions alone. Default true. A thought is read either way. */
  thoughts?: boolean;
  /** Put below the opening prompt, such as what earlier trials have taught. */
  advice?: string;
}

/** A way to play an episode: `runEpisode`, or one of the mechanisms around it. */
export type Play = (options: EpisodeOptions<Instance>) => Promise<Episode>;

/**
 * Plays one episode. Whoever calls measures the time, so that an episode is a function of its options.
 *
 * A reply that does not parse is answered with the expected format; the third in a row ends the episode. Replies
 * that do parse are kept in canonical print. An exception out of `step` ends the episode as "environment error".
 *
 * @throws what the model or the making of the environment throws: whoever runs many episodes retries or records it
 */
export async function runEpisode<I extends Instance>(options: EpisodeOptions<I>): Promise<Episode> {
  const environment = await options.task.environment(options.instance);
  try {
    return await play(environment, options);
  } finally {
    if (options.session !== undefined) options.model.release?.(options.session);
    await environment.close();
  }
}

async function play<I extends Instance>(env: Environment, options: EpisodeOptions<I>): Promise<Episode> {
  const { task, instance, model, shots, temperature, seed, maxTokens, session, advice } = options;
  const { thoughts = true } = options;
  const maxSteps = options.maxSteps ?? task.maxSteps;
  const turns: Turn[] = [];
  let [reward, steps, faults, usage] = [0, 0, 0, noUsage];
  const hear = (content: string) => turns.push({ role: "user", content, loss: false });
  const end = (ending: Ending, error: string | null = null): Episode => {
    const { id, difficulty } = instance;
    return { task: task.name, instance: id, difficulty, turns, reward, ending, error, steps, usage };
  };

  const opening = await openingPrompt(task, shots, await env.reset(), thoughts);
  hear(advice === undefined ? opening : `${opening}\n\n${advice}`);
  for (;;) {
    const reply = await model.complete({
      messages: turns.map(({ role, content }) => ({ role, content })),
      stop: ["\nObservation:"],
      seed: seed === undefined ? undefined : seed + steps,
      temperature,
      maxTokens,
      session,
    });
    usage = addUsage(usage, reply.usage);
    if (reply.finish === "context") return end("context limit");

    steps++;
    const step = parseReact(reply.text);
    // A reply that no parser understands is kept as it is, and never trained on.
    if (step) turns.push({ role: "assistant", content: printReact(step), ...step, loss: true });
    else turns.push({ role: "assistant", content: reply.text, loss: false });

    faults = step ? 0 : faults + 1;
    if (faults === MAX_FORMAT_FAULTS) return end("format error");

    let observation = thoughts ? FORMAT_FAULT : ACTION_FORMAT_FAULT;
    if (step) {
      try {
        const result = await env.step(step.action);
        reward = result.reward;
        observation = result.observation;
        if (result.done) return end("submitted");
      } catch (error) {
        return end("environment error", error instanceof Error ? error.message : String(error));
      }
    }
    if (steps >= maxSteps) return end("step limit");
    hear(observationTurn(observation));
  }
}

/** A model that says the given steps one after the other. */
function scripted(steps: readonly Step[]): LanguageModel {
  let next = 0;
  return {
    name: "replay",
    simulated: false,
    complete: async () => ({ text: printReact(steps[next++]!), finish: "stop", usage: noUsage }),
  };
}

/**
 * Plays given steps through the environment: the same episode as a model that had said them. Steps beyond the end
 * of the episode are not played; too few end it as "step limit".
 *
 * @throws RangeError for no steps at all
 */
export async function replay<I extends Instance>(options: {
  task: Task<I>;
  instance: I;
  steps: readonly Step[];
  shots: 0 | 1;
}): Promise<Episode> {
  const { steps, ...rest } = options;
  if (steps.length === 0) throw new RangeError(`replay of ${options.instance.id}: no steps`);
  return runEpisode({ ...rest, model: scripted(steps), maxSteps: steps.length });
}

/** The episode as a row of the bank. `id` (default: the instance's) tells several trajectories of one instance apart. */
export function toTrajectory<I extends Instance>(
  episode: Episode,
  task: Task<I>,
  provenance: Provenance,
  id = episode.instance,
): Trajectory {
  const { instance, difficulty, turns, reward } = episode;
  return {
    version: SCHEMA_VERSION,
    id,
    task: task.name,
    skill: task.skill,
    instance,
    difficulty,
    turns,
    reward,
    provenance,
  };
}
