/** One episode, and one pair, to look at. */
import type { Episode } from "../../agent";
import { readEpisodes, readExplored } from "../../runs/read";
import type { Pair } from "../../trajectory/pairs";
import { unknown } from "../../util/errors";
import type { Preset } from "../preset";
import { type ArmName, armEvaluations, arms, explorations } from "./arms";

/**
 * The most telling episode of an arm, of its first seed: one that took several trials, one that was solved, one of many
 * turns, in this order. Throws InputError where the preset has no such arm.
 */
export async function exampleEpisode(preset: Preset, name: ArmName): Promise<Episode> {
  const all = arms(preset);
  const arm = all.find((a) => a.name === name);
  if (!arm)
    throw unknown(
      "arm",
      name,
      all.map((a) => a.name),
    );
  const played = await Promise.all(
    arm.tasks.map((task) => readEpisodes(armEvaluations(preset, arm, task)[0]!)),
  );
  const told = ({ trials, reward, turns }: Episode) => [
    Number((trials?.length ?? 1) > 1),
    reward,
    turns.length,
  ];
  return played.flat().reduce((best, episode) => (isGreater(told(episode), told(best)) ? episode : best));
}

/** The first pair of the first seed's explorations in which the bank did better; null where there is none. */
export async function examplePair(preset: Preset): Promise<Pair | null> {
  const pairs = await readExplored(explorations(preset, preset.experiments.beyond.seeds[0]!));
  return pairs.find(({ rejected }) => rejected.id.endsWith("/explored")) ?? null;
}

/** In the first place where two lists of one length differ. */
function isGreater(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && a[at]! > b[at]!;
}
