/**
 * Reflexion (Shinn et al. 2023): after a failed episode the agent says what went wrong, and reads that before it tries
 * again.
 *
 *     trial 1 ─ failed ─ reflection 1 ─┐
 *     trial 2 (reads reflection 1) ─ failed ─ reflection 2 ─┐
 *     trial 3 (reads both) …
 *
 * Whether a trial failed is read off the environment's reward, as in the paper: an oracle that no agent has when it is
 * put to use. `retry` has the same oracle and no reflection: what Reflexion gains beyond it, it gains by reflecting.
 */
import { type Episode, type EpisodeOptions, type Play, runEpisode, type Trial } from "../agent";
import { addUsage, type Message } from "../llm/client";
import type { Instance } from "../tasks/task";
import type { Turn } from "../trajectory/schema";

/** Less is a failed trial: rewards are sums of fractions, and full reward may miss 1 by rounding. */
const SUCCESS = 1 - 1e-9;

/** Reflections that the prompt holds at most, the latest. The paper: 1 to 3. */
const REMEMBERED = 3;
/** Between the seeds of two trials, so that no step of one shares a seed with a step of the next. */
const SEED_STRIDE = 1000;

export const REFLECT =
  "Observation: The attempt failed.\nSay in a line what went wrong and what you do otherwise next time.";

/** The part of a prompt that holds what earlier trials have taught. */
export function lessons(reflections: readonly string[]): string {
  return ["What you learnt from attempts that failed:", ...reflections].join("\n");
}

/** What the agent is asked after a failed episode: the conversation as it was, and a question. */
export function reflectionPrompt(turns: readonly Turn[]): Message[] {
  const said = turns.map(({ role, content }) => ({ role, content }));
  // An episode that outgrew the model ends with an observation; roles must alternate.
  const kept = said.at(-1)!.role === "user" ? said.slice(0, -1) : said;
  return [...kept, { role: "user", content: REFLECT }];
}

/**
 * Up to `trials` trials. The episode is the last trial; its steps and usage are those of all trials, reflections
 * included, and `trials` lists them one by one.
 */
export function reflexion({ trials }: { trials: number }): Play {
  return (options) => {
    const reflections: string[] = [];
    return tryAgain(trials, async (trial, failed) => {
      if (!failed) return { episode: await runEpisode(options), reflection: null };
      const { text, usage } = await reflect(options, failed);
      if (text) reflections.push(text);
      const advice = reflections.length > 0 ? lessons(reflections.slice(-REMEMBERED)) : undefined;
      const episode = await runEpisode({ ...options, ...apart(options, trial), advice });
      return { episode: { ...episode, usage: addUsage(usage, episode.usage) }, reflection: text || null };
    });
  };
}

/** Up to `trials` trials, all but the first at `temperature`; nothing passes from one to the next. */
export function retry({ trials, temperature }: { trials: number; temperature: number }): Play {
  return (options) =>
    tryAgain(trials, async (trial) => {
      const again = trial === 0 ? {} : { temperature, ...apart(options, trial) };
      return { episode: await runEpisode({ ...options, ...again }), reflection: null };
    });
}

/** `play` gives a trial and the reflection that came before it, on the trial that failed. */
async function tryAgain(
  most: number,
  play: (trial: number, failed: Episode | null) => Promise<{ episode: Episode; reflection: string | null }>,
): Promise<Episode> {
  const trials: Trial[] = [];
  let last: Episode | null = null;
  let [steps, usage] = [0, addUsage()];
  for (let trial = 0; trial < most && (last === null || last.reward < SUCCESS); trial++) {
    const { episode, reflection } = await play(trial, last);
    if (trial > 0) trials[trial - 1]!.reflection = reflection;
    trials.push({
      reward: episode.reward,
      ending: episode.ending,
      steps: episode.steps,
      reflection: null,
    });
    steps += episode.steps;
    usage = addUsage(usage, episode.usage);
    last = episode;
  }
  if (!last) throw new RangeError("a mechanism needs at least one trial");
  return { ...last, steps, usage, trials };
}

async function reflect(options: EpisodeOptions<Instance>, { turns }: Episode) {
  const { model, session, seed, temperature, maxTokens } = options;
  const { text, usage } = await model.complete({
    messages: reflectionPrompt(turns),
    stop: ["\n"],
    seed,
    temperature,
    maxTokens,
    session: session && `${session}/reflection`,
  });
  if (session !== undefined) model.release?.(`${session}/reflection`);
  return { text: text.trim(), usage };
}

/** A trial's own seeds. */
const apart = ({ seed }: { seed?: number }, trial: number) =>
  seed === undefined ? {} : { seed: seed + trial * SEED_STRIDE };
