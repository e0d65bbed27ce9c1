/**
 * What an agent acts upon. A fault of the agent's action is an observation, never an exception: an exception out of
 * `step` is a bug of the environment and ends the episode as "environment error".
 */
export interface StepResult {
  observation: string;
  /** The episode is over; `reward` is final. */
  done: boolean;
  /** Reward in [0, 1] so far; 0 until the environment grants some. */
  reward: number;
}

export interface Environment {
  /** Starts the episode and gives the text of the instance: the question, or the first sight of the world. */
  reset(): Promise<string> | string;
  step(action: string): Promise<StepResult> | StepResult;
  /** Frees what the environment holds. Safe to call twice. */
  close(): Promise<void> | void;
  /** An independent copy in the same state, where the environment can be searched. */
  clone?(): Environment;
}
