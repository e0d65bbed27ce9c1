/** The one shape of an experiment: a claim of the paper, the runs that test it, and what they measured. */
import type { Interval } from "../evaluation/bootstrap";
import type { RunSpec } from "../runs/spec";
import type { Preset } from "./preset";

/** A test that was stated before the runs, and how it came out. */
export interface Verdict {
  claim: string;
  /** What must hold for the claim to count as shown. */
  test: string;
  shown: boolean;
  measured: Interval;
}

export interface Experiment<Measured> {
  /** The notebook's name. */
  name: string;
  title: string;
  /** What the paper calls it: `Table 6`. */
  reproduces: string;
  /** Names in data/published/. */
  published: readonly string[];
  /** Every run that it reads. */
  runs(preset: Preset): RunSpec[];
  /** Reads the runs. Throws where one is not done. */
  measure(preset: Preset): Promise<Measured>;
}

/** Shown where the whole interval lies above 0. */
export function aboveZero(claim: string, test: string, measured: Interval): Verdict {
  return { claim, test, measured, shown: measured.low > 0 };
}

/** An interval of rewards in points, 0 to 100, as the papers print them. */
export function toPoints({ mean, low, high, level }: Interval): Interval {
  return { mean: mean * 100, low: low * 100, high: high * 100, level };
}
