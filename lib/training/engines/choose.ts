/** Which engine computes: compiled where that pays and is right, else eager. */
import * as tf from "@tensorflow/tfjs";
import { HELD_LOGITS } from "../../model/cross-entropy";
import type { Llama } from "../../model/llama";
import type { Tokenizer } from "../../model/tokenizer";
import { chooseLengths, chooseShapes, padBatch, type StepShape, shapeFor, shapeOf } from "../shapes";
import { createCompiledEngine } from "./compiled";
import { createEagerEngine, type EagerEngineOptions } from "./eager";
import type { Engine, MicroBatch, StepResult } from "./engine";

/** `graph` and `xla` are the two ways to compile a step; `auto` takes graph for all but short runs. */
export const engines = ["auto", "eager", "graph", "xla"] as const;
export type EngineName = Exclude<(typeof engines)[number], "auto">;

export interface EngineChoice extends EagerEngineOptions {
  engine: (typeof engines)[number];
  precision: "float32" | "bfloat16";
}

/** Shapes that a run's batches are padded to at most: each costs a second or two to compile. */
const MOST_SHAPES = 4;
/** Steps below which compiling costs more than it saves. */
const WORTH_COMPILING = 60;
/** Relative difference of loss and gradient norm from the eager step that is rounding; bfloat16 keeps 8 bits. */
const TOLERANCE = { float32: 1e-3, bfloat16: 5e-2 };
/** Some graphs fall off a cliff: a step that takes so many times the eager one is not used. */
const CLIFF = 3;

/**
 * The engine that the settings ask for, checked on one batch of each shape: loss and gradient norm must be the eager
 * ones, and no step much slower. Where that fails, the next of xla, graph, eager is taken, and `say` told why.
 *
 * @param batches every micro-batch that the run will have, step by step, and those that it evaluates
 */
export async function createEngine(
  model: Llama,
  tokenizer: Tokenizer,
  options: EngineChoice,
  batches: { steps: number; of(step: number): readonly MicroBatch[]; heldOut?: readonly MicroBatch[] },
  say: (note: string) => void = (note) => process.stderr.write(`${note}\n`),
): Promise<{ engine: Engine; name: EngineName }> {
  const eager = () => createEagerEngine(model, tokenizer, options);
  const native = tf.getBackend() === "tensorflow";
  const wanted =
    options.engine !== "auto"
      ? options.engine
      : native && batches.steps >= WORTH_COMPILING
        ? "graph"
        : "eager";
  if (wanted === "eager") return { engine: eager(), name: "eager" };
  if (!native) {
    say(`engine: eager, for only the native backend runs a compiled step; this is ${tf.getBackend()}`);
    return { engine: eager(), name: "eager" };
  }

  // Only the shapes are kept: the batches themselves may be as large as the data.
  const sizes = Array.from({ length: batches.steps }, (_, step) => batches.of(step).map(shapeOf));
  const accumulate = sizes.some((micro) => micro.length > 1);
  const heldOut = batches.heldOut ?? [];
  // XLA sees that a layer is computed twice, and computes it once.
  if (wanted === "xla" && options.recompute) say("engine: not xla: it recomputes nothing");
  const modes = wanted === "xla" && !options.recompute ? (["xla", "graph"] as const) : (["graph"] as const);
  for (const mode of modes) {
    // XLA compiles for every size, and the logits of a large vocabulary are computed in chunks of a known one.
    const all = [...sizes.flat(), ...heldOut.map(shapeOf)];
    const logits = Math.max(...all.map(({ R }) => R)) * model.config.vocab_size;
    const choose = mode === "graph" && logits <= HELD_LOGITS ? chooseLengths : chooseShapes;
    const shapes: readonly StepShape[] = choose(all, MOST_SHAPES);
    // One of each shape: of the steps, else of what is held out.
    const samples = shapes.flatMap((shape) => {
      const fits = (micro: MicroBatch) => shapeFor(shapeOf(micro), shapes) === shape;
      const step = sizes.findIndex((micro) => micro.some((size) => shapeFor(size, shapes) === shape));
      return (step < 0 ? heldOut : batches.of(step)).find(fits) ?? [];
    });
    // Before there is a compiled engine, so that memory need not hold both.
    const expected = referenceSteps(eager(), samples);
    let engine: Engine | undefined;
    try {
      const evaluate = heldOut.length > 0;
      engine = await createCompiledEngine(model, tokenizer, {
        ...options,
        shapes,
        accumulate,
        evaluate,
        mode,
      });
      const fault = selfCheck(engine, expected, samples, shapes, TOLERANCE[options.precision]);
      if (!fault) return { engine, name: mode };
      say(`engine: not ${mode}: ${fault}`);
    } catch (error) {
      say(`engine: not ${mode}: ${(error as Error).message.split("\n")[0]}`);
    }
    engine?.dispose();
  }
  say("engine: eager");
  return { engine: eager(), name: "eager" };
}

type TimedStep = StepResult & { milliseconds: number };

/** A step that changes nothing: its loss is above the limit. */
function timed(engine: Engine, sample: MicroBatch): TimedStep {
  const start = performance.now();
  return { ...engine.step([sample], 0, Number.NEGATIVE_INFINITY), milliseconds: performance.now() - start };
}

/** What the eager engine makes of one bin of each sample, which needs little memory. It is disposed of. */
function referenceSteps(eager: Engine, samples: readonly MicroBatch[]): TimedStep[] {
  try {
    return samples.map((sample) => timed(eager, oneBin(sample)));
  } finally {
    eager.dispose();
  }
}

/** Why the compiled engine is not to be used, or null: it computes the same bins, in their whole shapes. */
function selfCheck(
  engine: Engine,
  reference: readonly TimedStep[],
  samples: readonly MicroBatch[],
  shapes: readonly StepShape[],
  tolerance: number,
): string | null {
  for (const [i, sample] of samples.entries()) {
    const { B, T } = shapeOf(sample);
    const padded = padBatch(oneBin(sample), shapeFor(shapeOf(sample), shapes));
    const expected = reference[i]!;
    const first = timed(engine, padded);
    for (const value of ["loss", "gradNorm"] as const)
      if (!(Math.abs(first[value] - expected[value]) <= tolerance * Math.abs(expected[value])))
        return `${value} of ${B} x ${T} tokens is ${first[value]}, ${expected[value]} in eager mode`;
    const [took, eager] = [timed(engine, padded).milliseconds, B * expected.milliseconds];
    if (took > CLIFF * eager + 100)
      return `a step of ${B} x ${T} tokens takes ${Math.round(took)} ms, about ${Math.round(eager)} in eager mode`;
  }
  return null;
}

/** The bin of a batch that has the most targets, as a batch of its own. */
function oneBin({ batch, targets, names }: MicroBatch): MicroBatch {
  const { T } = batch;
  const counts = new Map<number, number>();
  for (const row of targets.rows) counts.set(Math.floor(row / T), (counts.get(Math.floor(row / T)) ?? 0) + 1);
  const b = [...counts].sort((x, y) => y[1] - x[1])[0]?.[0] ?? 0;
  const own = [...targets.rows.keys()].filter((i) => Math.floor(targets.rows[i]! / T) === b);
  const bin = (values: Int32Array) => values.slice(b * T, (b + 1) * T);
  return {
    batch: {
      ids: bin(batch.ids),
      positions: bin(batch.positions),
      segments: bin(batch.segments),
      B: 1,
      T,
    },
    targets: {
      rows: Int32Array.from(own, (i) => targets.rows[i]! - b * T),
      labels: Int32Array.from(own, (i) => targets.labels[i]!),
      weights: Float32Array.from(own, (i) => targets.weights[i]!),
    },
    names,
  };
}
