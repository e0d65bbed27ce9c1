/** The rows of one pre-training step: exercises end to end, cut at the sequence length. */
import { createRng, type Rng } from "../../util/random";
import type { MicroBatch } from "../engines/engine";
import { drawFrom } from "./exercises";
import { createPage, type Material } from "./page";
import type { Recipe, Stage } from "./recipe";
import { stageAt } from "./recipe";
import { SPECIAL } from "./vocabulary";

/** One row of T + 1 tokens: `<s>`, then exercises. The last token is only a label. */
function row(stage: Stage, material: Material, rng: Rng): { ids: number[]; weights: number[] } {
  const draw = drawFrom(stage.mix);
  const page = createPage(material, rng);
  page.given(SPECIAL.indexOf("<s>"));
  while (page.ids.length <= stage.sequence) draw(rng.next())(page);
  return { ids: page.ids.slice(0, stage.sequence + 1), weights: page.weights.slice(0, stage.sequence + 1) };
}

/** The batch of a step (from 0), a pure function of recipe and step. */
export function pretrainBatch(recipe: Recipe, material: Material, step: number): MicroBatch {
  const stage = stageAt(recipe, step);
  const { rows: B, sequence: T } = stage;
  const rng = createRng(`${recipe.seed}/step/${step}`);
  const ids = new Int32Array(B * T);
  const positions = new Int32Array(B * T);
  const at: number[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  for (let b = 0; b < B; b++) {
    const made = row(stage, material, rng);
    for (let t = 0; t < T; t++) {
      ids[b * T + t] = made.ids[t]!;
      positions[b * T + t] = t;
      if (made.weights[t + 1] === 0) continue;
      at.push(b * T + t);
      labels.push(made.ids[t + 1]!);
      weights.push(made.weights[t + 1]!);
    }
  }
  return {
    batch: { ids, positions, segments: new Int32Array(B * T).fill(1), B, T },
    targets: {
      rows: Int32Array.from(at),
      labels: Int32Array.from(labels),
      weights: Float32Array.from(weights),
    },
    names: [`${stage.name}/${step}`],
  };
}
