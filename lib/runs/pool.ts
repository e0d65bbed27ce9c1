import type { RunSpec } from "./spec";

/** How a run ended: a run that failed would fail again; of one whose process died nothing is known. */
export type Outcome = { kind: "done" } | { kind: "failed" | "died"; message: string };

/** Carries out runs, each in a process of its own, several at once. */
export interface Pool {
  /** Runs at once. */
  size: number;
  /** False while what the run computes on is taken by another. */
  accepts(spec: RunSpec): boolean;
  /** Never rejects. What the run depends on is done. */
  run(spec: RunSpec, onNote: (note: string) => void): Promise<Outcome>;
  /** Ends every process; runs that are not over yet die. */
  close(): Promise<void>;
}
