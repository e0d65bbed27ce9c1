/** The one shape that every file format has. A new format is one file of this shape and one line in index.ts. */
import { reactView } from "../react";
import { SCHEMA_VERSION, type Skill, type Trajectory, type Turn } from "../schema";

export interface ReadContext {
  /** File the row came from. */
  source: string;
  /** Identifier for a row that brings none: `STEM-LINE`. */
  id: string;
  task: string;
  skill: Skill | null;
}

export interface Format {
  name: string;
  /** Task of its rows where the caller names none; else the file's name. */
  task?: string;
  /** True where the row can only be this format, the formats before it in the list excluded. */
  detect(row: unknown): boolean;
  /** Throws InputError with the faults of the row. The result still has to pass `validateTrajectory`. */
  read(row: unknown, context: ReadContext): Trajectory;
  /** Throws InputError where the format has no place for what the trajectory holds. */
  write(trajectory: Trajectory): Record<string, unknown>;
}

/** An imported trajectory: what files in other formats do not tell is null. */
export function imported(
  context: ReadContext,
  turns: Turn[],
  known: { id?: string | undefined; instance?: string | undefined; reward?: number | null } = {},
): Trajectory {
  const id = known.id ?? context.id;
  return {
    version: SCHEMA_VERSION,
    id,
    task: context.task,
    skill: context.skill,
    instance: known.instance ?? id,
    difficulty: null,
    turns,
    reward: known.reward ?? null,
    provenance: { strategy: "imported", teacher: null, simulated: false, source: context.source },
  };
}

export const system = (content: string): Turn => ({ role: "system", content, loss: false });
export const user = (content: string): Turn => ({ role: "user", content, loss: false });

/** An assistant turn with its parsed view where it follows ReAct; trained by default. */
export const assistant = (content: string, loss = true): Turn => ({
  role: "assistant",
  content,
  ...reactView(content),
  loss,
});
