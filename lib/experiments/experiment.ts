/** The one shape of an experiment: a claim of the paper, the runs that test it, and what they measured. */
import type { TableRow } from "../report/cell";
import type { Draw } from "../report/figures/figure";
import type { Column } from "../report/tables/table";
import type { RunSpec } from "../runs/spec";
import type { Preset } from "./preset";
import type { Verdict } from "./verdict";

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
