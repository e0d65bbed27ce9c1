/** Draws miniature instances so that no two are alike and no two splits share one, whatever the seeds. */
import { InputError } from "../util/errors";
import { sha256 } from "../util/hash";
import { createRng, type Rng } from "../util/random";
import type { GenerateOptions, Split } from "./task";

/** The split that a content belongs to: 6 in 10 train, 1 dev, 3 test, decided by the content's own hash. */
export function splitOf(content: string): Split {
  const tenth = Number.parseInt(sha256(content).slice(0, 8), 16) % 10;
  return tenth < 6 ? "train" : tenth < 7 ? "dev" : "test";
}

/**
 * `count` instances of a split. `draw` makes one of the given difficulty, or null where that does not work out;
 * `content` is what makes two of them the same.
 *
 * @throws InputError when the generator seems to have no more different ones
 */
export function drawInstances<T>(
  task: string,
  { split, count, seed, difficulty: [low, high] = [0, 1] }: GenerateOptions,
  draw: (rng: Rng, difficulty: number) => T | null,
  content: (instance: T) => string,
): (T & { id: string; split: Split; difficulty: number; source: string })[] {
  const rng = createRng(`${task}/${split}/${seed}`);
  const seen = new Set<string>();
  const drawn = [];
  for (let misses = 0; drawn.length < count; ) {
    if (misses > 2000)
      throw new InputError(
        `${task}: only ${drawn.length} different ${split} instances of difficulty ${low} to ${high} found, ${count} asked: ask for fewer`,
      );
    const difficulty = low + (high - low) * rng.next();
    const instance = draw(rng, difficulty);
    const key = instance && content(instance);
    if (!instance || !key || seen.has(key) || splitOf(key) !== split) {
      misses++;
      continue;
    }
    misses = 0;
    seen.add(key);
    drawn.push({
      ...instance,
      id: `${task}-${split}-${seed}-${drawn.length}`,
      split,
      difficulty,
      source: "generated",
    });
  }
  return drawn;
}
