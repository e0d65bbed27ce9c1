/** Small trajectories to compare. */
import { SCHEMA_VERSION, type Trajectory } from "../../lib/trajectory/schema";

/** A trajectory of an instance that says these things after `do INSTANCE`. */
export function trajectory(instance: string, said: readonly string[], reward = 1): Trajectory {
  const turns = said.map((content, i) =>
    i % 2 === 0
      ? { role: "assistant" as const, content, loss: true }
      : { role: "user" as const, content, loss: false },
  );
  return {
    version: SCHEMA_VERSION,
    id: instance,
    task: "webshop",
    skill: "web",
    instance,
    difficulty: null,
    turns: [{ role: "user", content: `do ${instance}`, loss: false }, ...turns],
    reward,
    provenance: { strategy: "explore", teacher: "t", simulated: true, source: "generated" },
  };
}
