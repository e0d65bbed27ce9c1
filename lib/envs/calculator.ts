/** A word problem with a calculator: `calculate[expression]` as often as needed, then `finish[number]`. */
import { evaluate, printDecimal } from "./arithmetic";
import { parseCall } from "./call";
import type { Environment } from "./environment";

/** @param score gives the reward, in [0, 1], of a final answer */
export function calculator(problem: string, score: (answer: string) => number): Environment {
  const observe = (observation: string) => ({ observation, done: false, reward: 0 });
  return {
    reset: () => problem,
    step(action) {
      const call = parseCall(action);
      if (call?.name === "finish")
        return { observation: "Answer submitted.", done: true, reward: score(call.argument) };
      if (call?.name !== "calculate")
        return observe("error: unknown action. Use calculate[expression] or finish[number].");
      try {
        return observe(printDecimal(evaluate(call.argument)));
      } catch (error) {
        if (error instanceof SyntaxError) return observe(`error: ${error.message}`);
        throw error;
      }
    },
    close() {},
  };
}
