/** Pairs of trajectories of the same instance, for people or a model to say which is better. */
import { z } from "zod";
import type { Trajectory } from "../trajectory/schema";
import { hashOf } from "../util/hash";

/** Of the first trajectory of a pair against the second. */
export const preferences = ["win", "lose", "tie"] as const;
export type Preference = (typeof preferences)[number];
export const preferenceSchema = z.enum(preferences);

export interface MatchedPair {
  /** Hash of both conversations: a rating holds wherever the same pair is made again. */
  id: string;
  first: Trajectory;
  second: Trajectory;
  /** Both say and do the same: nothing to rate, and a tie. */
  identical: boolean;
}

/** Trajectories of the same instances, in the order of `first`; instances that only one side has are passed over. */
export function pairUp(first: readonly Trajectory[], second: readonly Trajectory[]): MatchedPair[] {
  const byInstance = new Map(second.map((trajectory) => [trajectory.instance, trajectory]));
  return first.flatMap((one) => {
    const other = byInstance.get(one.instance);
    if (!other) return [];
    const said = [one, other].map(({ turns }) => turns.map(({ role, content }) => ({ role, content })));
    return [{ id: hashOf(said), first: one, second: other, identical: hashOf(said[0]) === hashOf(said[1]) }];
  });
}

/** The same verdict with the sides changed. */
export const swapped = (preference: Preference): Preference =>
  preference === "tie" ? "tie" : preference === "win" ? "lose" : "win";
