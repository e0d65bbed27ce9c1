import fc from "fast-check";
import { reactView } from "../../lib/trajectory/react";
import { skills, strategies, type Trajectory, type Turn } from "../../lib/trajectory/schema";

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).filter((s) => s.trim() !== "");
const reactText = fc
  .tuple(text, text)
  .map(([thought, action]) => `Thought: ${thought.trim()}\nAction: ${action.trim()}`);

const assistant = fc
  .record({ content: fc.oneof(text, reactText), loss: fc.boolean() })
  .map(({ content, loss }): Turn => ({ role: "assistant", content, ...reactView(content), loss }));
const user = text.map((content): Turn => ({ role: "user", content, loss: false }));

/** JSON gives objects a prototype; so do these. */
const plain = { noNullPrototype: true };

/** Sound trajectories, with and without ReAct turns; the last assistant turn is trained. */
export const trajectory: fc.Arbitrary<Trajectory> = fc.record(
  {
    version: fc.constant(1 as const),
    id: text,
    task: text,
    skill: fc.option(fc.constantFrom(...skills)),
    instance: text,
    difficulty: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs)),
    turns: fc.array(fc.tuple(user, assistant), { minLength: 1, maxLength: 5 }).map((pairs) => {
      const turns = pairs.flat();
      return turns.with(-1, { ...turns.at(-1)!, loss: true });
    }),
    reward: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs)),
    provenance: fc.record(
      {
        strategy: fc.constantFrom(...strategies),
        teacher: fc.option(text),
        simulated: fc.boolean(),
        source: text,
      },
      plain,
    ),
  },
  plain,
);
