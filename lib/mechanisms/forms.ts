/** The forms that a bank's trajectories take when a mechanism is trained on them. */
import { getTask } from "../tasks/registry";
import type { Trajectory } from "../trajectory/schema";
import { roleRow } from "./planner-actor";
import { rewooRows } from "./rewoo/rows";

export const forms = ["rewoo", "planner", "actor"] as const;
export type Form = (typeof forms)[number];

export interface Formed {
  rows: Trajectory[];
  /** Trajectories that have no such form, `ID: why`. */
  faults: string[];
}

/** Rows to train on, of those trajectories that can be put so. */
export function formed(form: Form, trajectories: readonly Trajectory[]): Formed {
  const rows: Trajectory[] = [];
  const faults: string[] = [];
  for (const trajectory of trajectories) {
    const found =
      form === "rewoo"
        ? rewooRows(getTask(trajectory.task), trajectory)
        : { rows: [roleRow(form, trajectory)] };
    if ("rows" in found) rows.push(...found.rows);
    else faults.push(`${trajectory.id}: ${found.fault}`);
  }
  return { rows, faults };
}
