/** What `--mechanism` and its flags mean. */
import type { LanguageModel } from "../llm/client";
import type { Mechanism, mechanismNames } from "../mechanisms/mechanism";
import { rewooFault } from "../mechanisms/rewoo/prompts";
import type { Task } from "../tasks/task";
import { InputError } from "../util/errors";

export interface MechanismFlags {
  mechanism?: (typeof mechanismNames)[number];
  trials?: number;
  temperature?: number;
  actor?: string;
}

const TRIALS = 3;
const TEMPERATURE = 0.7;

/** Refuses flags that do not go together, and tasks that the mechanism cannot play, all at once. */
export function checkMechanism(
  { mechanism, trials, temperature, actor }: MechanismFlags,
  model: string,
  tasks: readonly Task[],
): void {
  const faults: string[] = [];
  const again = mechanism === "reflexion" || mechanism === "retry";
  if (trials !== undefined && !again) faults.push("--trials goes with --mechanism reflexion or retry");
  if (temperature !== undefined && mechanism !== "retry")
    faults.push("--temperature goes with --mechanism retry");
  if (actor !== undefined && mechanism !== "planner") faults.push("--actor goes with --mechanism planner");
  if (mechanism !== undefined && mechanism !== "retry" && [model, actor].includes("simulated"))
    faults.push(`the simulated teacher knows steps alone, no ${mechanism}`);
  if (mechanism === "rewoo") faults.push(...tasks.flatMap((task) => rewooFault(task) ?? []));
  if (faults.length > 0) throw new InputError(faults);
}

/** The mechanism as plain data, for the log's config; null where the agent plays by itself. */
export function mechanismConfig({
  mechanism,
  trials = TRIALS,
  temperature = TEMPERATURE,
  actor,
}: MechanismFlags) {
  if (mechanism === undefined) return null;
  return {
    kind: mechanism,
    ...((mechanism === "reflexion" || mechanism === "retry") && { trials }),
    ...(mechanism === "retry" && { temperature }),
    ...(actor !== undefined && { actor }),
  };
}

/** The same with the actor opened. */
export function mechanismOf(
  config: NonNullable<ReturnType<typeof mechanismConfig>>,
  actor: LanguageModel | undefined,
): Mechanism {
  const { kind, trials = TRIALS, temperature = TEMPERATURE } = config;
  if (kind === "retry") return { kind, trials, temperature };
  if (kind === "reflexion") return { kind, trials };
  return kind === "planner" ? { kind, actor } : { kind };
}
