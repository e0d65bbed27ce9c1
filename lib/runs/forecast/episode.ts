/** How long an episode of a task is, in tokens, as far as a forecast knows. */
import { publishedNumber, readPublished } from "../../report/published";
import { getTask } from "../../tasks/registry";
import type { Assumptions } from "./assumptions";

export type EpisodeLengths = Assumptions["episode"];

export function episodeOf({ episode, episodes }: Assumptions, task: string): EpisodeLengths {
  const turns = episodes[task]?.turns ?? publishedTurns(task) ?? episode.turns;
  return { ...episode, ...episodes[task], turns };
}

const turnsOf = new Map<string, number | null>();

/** Mean turns of the task's trajectories in Table 2; null for a task that is not in it. */
function publishedTurns(task: string): number | null {
  if (!turnsOf.has(task)) {
    const table = readPublished("table-2");
    const { title } = getTask(task);
    const printed = table.rows.some((row) => row["task"] === title);
    turnsOf.set(task, printed ? publishedNumber(table, { task: title }, "turns") : null);
  }
  return turnsOf.get(task) ?? null;
}

/** Tokens of a whole episode, read once. */
export const tokensOf = ({ turns, opening, turn, observation }: EpisodeLengths): number =>
  opening + turns * turn + (turns - 1) * observation;

/** Tokens that the agent writes in one. */
export const writtenIn = ({ turns, turn }: EpisodeLengths): number => turns * turn;

/** Prompt tokens of an API that is sent the conversation anew for every turn: Σ over turns of what stands before. */
export const promptedIn = ({ turns, opening, turn, observation }: EpisodeLengths): number =>
  turns * opening + ((turns * (turns - 1)) / 2) * (turn + observation);
