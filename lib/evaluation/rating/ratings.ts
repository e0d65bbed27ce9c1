/** What people said of pairs: data/ratings/RATER.jsonl, one line a rating. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { check } from "../../util/check";
import { InputError } from "../../util/errors";
import { ROOT } from "../../util/files";
import { appendJsonl, readJsonl } from "../../util/jsonl";
import { preferenceSchema } from "../matched";

/** A rater's name is the name of a file. */
export const raterSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, {
  error: "a rater's name has letters a to z, digits, - and _ alone, 40 at most",
});

export const ratingSchema = z.strictObject({
  version: z.literal(1),
  /** `MatchedPair.id`. */
  pair: z.string().min(1),
  rater: raterSchema,
  /** Of the pair's first trajectory, whichever side it was shown on. */
  verdict: preferenceSchema,
  /** How long the rater looked. */
  seconds: z.number().nonnegative(),
  at: z.iso.datetime(),
});
export type Rating = z.infer<typeof ratingSchema>;

/** data/ratings, or AGENTBANK_RATINGS. */
export const ratingsFolder = () => process.env.AGENTBANK_RATINGS ?? join(ROOT, "data", "ratings");

export function appendRating(folder: string, rating: Rating): void {
  appendJsonl(join(folder, `${rating.rater}.jsonl`), rating);
}

/**
 * The ratings of all raters; of what a rater rated again, the last. None where the folder is not there.
 * Throws InputError with every line that is none: `FILE:LINE: reason`.
 */
export async function readRatings(folder = ratingsFolder()): Promise<Rating[]> {
  const ratings = new Map<string, Rating>();
  const faults: string[] = [];
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".jsonl")) : [];
  for (const file of files.sort())
    for await (const row of readJsonl(join(folder, file))) {
      try {
        if (row.reason !== undefined) throw new InputError(row.reason);
        const rating = check(ratingSchema, row.value);
        ratings.set(`${rating.rater}/${rating.pair}`, rating);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        faults.push(...error.faults.map((fault) => `${join(folder, file)}:${row.line}: ${fault}`));
      }
    }
  if (faults.length > 0) throw new InputError(faults);
  return [...ratings.values()];
}
