/** The one shape of an experiment: a claim of the paper, the runs that test it, and what they measured. */
import type { Interval } from "../evaluation/bootstrap";
import type { TableRow } from "../report/cell";
import type { Draw } from "../report/figures/figure";
import type { Column } from "../report/tables/table";
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

/** A figure of an experiment and the numbers behind it. */
export interface Drawn {
  /** Of its files: `difficulty-bias-delta`. */
  name: string;
  title: string;
  /** What is shown, and in which unit. */
  caption: string;
  draw: Draw;
  rows: TableRow[];
  columns?: Column[];
}

export interface Experiment<Measured extends { verdicts: readonly Verdict[] }> {
  /** The notebook's name. */
  name: string;
  title: string;
  /** What the paper calls it: `Table 6`. */
  reproduces: string;
  /** Names in data/published/. */
  published: readonly string[];
  /** What the paper concludes, in a sentence. */
  claim: string;
  /** Every run that it reads. */
  runs(preset: Preset): RunSpec[];
  /** Reads the runs. Throws where one is not done. */
  measure(preset: Preset): Promise<Measured>;
  /** Figures of what was measured, with what was published beside it. */
  draw(measured: Measured, preset: Preset): Drawn[];
}

/** Shown where the whole interval lies above 0. */
export function aboveZero(claim: string, test: string, measured: Interval): Verdict {
  return { claim, test, measured, shown: measured.low > 0 };
}

/** Verdicts as rows of a table. */
export function verdictRows(verdicts: readonly Verdict[]): TableRow[] {
  return verdicts.map(({ claim, test, shown, measured }) => ({
    claim,
    test,
    measured: { mean: measured.mean, low: measured.low, high: measured.high },
    verdict: shown ? "shown" : "not shown",
  }));
}

/** An interval of rewards in points, 0 to 100, as the papers print them. */
export function toPoints({ mean, low, high, level }: Interval): Interval {
  return { mean: mean * 100, low: low * 100, high: high * 100, level };
}
