/** What a trajectory must hold beyond its schema, so that training and replay can rely on it. */
import { check } from "../util/check";
import { InputError } from "../util/errors";
import { isPrintable, printReact } from "./react";
import { type Trajectory, trajectorySchema } from "./schema";

/** The value as a trajectory. Throws InputError with every fault of its schema, or else of its turns. */
export function validateTrajectory(value: unknown): Trajectory {
  const trajectory = check(trajectorySchema, value);
  const faults = turnFaults(trajectory);
  if (faults.length > 0) throw new InputError(faults);
  return trajectory;
}

/**
 * The faults of the turns, each naming its turn; none for a sound trajectory:
 *
 *     [system] user assistant (user assistant)* [user]
 *
 * the last user turn being the environment's closing observation, which FireAct keeps; only assistant turns are
 * trained, at least one is, and none of those is blank; thought and action come together and print back to the content.
 */
export function turnFaults({ turns }: Pick<Trajectory, "turns">): string[] {
  const faults: string[] = [];
  const offset = turns[0]?.role === "system" ? 1 : 0;
  turns.forEach((turn, i) => {
    const fault = (reason: string) => faults.push(`turn ${i + 1} (${turn.role}): ${reason}`);
    const expected = i < offset ? "system" : (i - offset) % 2 === 0 ? "user" : "assistant";
    if (turn.role !== expected) fault(`expected ${expected}`);
    if (turn.role !== "assistant" && turn.loss) fault("only assistant turns are trained");
    if (turn.role === "assistant" && turn.loss && turn.content.trim() === "") fault("is blank");

    const { thought, action } = turn;
    if (thought === undefined && action === undefined) return;
    if (turn.role !== "assistant") fault("only assistant turns have a thought or an action");
    else if (thought === undefined || action === undefined) fault("thought and action come together");
    else if (!isPrintable({ thought, action })) fault("its thought and action are no ReAct step");
    else if (printReact({ thought, action }) !== turn.content)
      fault("its thought and action do not print back to its content");
  });
  if (!turns.some((turn) => turn.role === "assistant")) faults.push("no assistant turn");
  else if (!turns.some((turn) => turn.loss)) faults.push("no turn is trained");
  return faults;
}
