/**
 * ReWOO (Xu et al. 2023): reasoning without observation. One call of the model plans all tool calls, the environment
 * carries them out without the model, and one more call solves: two calls an episode, where ReAct takes one a step and
 * reads all of the past in each.
 *
 *     planner ─ plan ─ worker: #E1, #E2, … ─ solver ─ finish[answer]
 */
import type { Ending, Episode, Play } from "../../agent";
import type { Environment } from "../../envs/environment";
import { addUsage, type Completion } from "../../llm/client";
import { parseReact, printReact } from "../../trajectory/react";
import type { Turn } from "../../trajectory/schema";
import { InputError } from "../../util/errors";
import { LLM, parsePlan, resolve } from "./plan";
import { plannerPrompt, rewooFault, solverPrompt, workerPrompt } from "./prompts";

/** Completion tokens of a plan, in steps of an episode: it holds several. */
const STEPS_OF_A_PLAN = 4;

/**
 * Plays one episode. Its turns are the conversations with planner, worker and solver, one after the other; `steps`
 * counts the model's replies. A plan that does not parse, or an answer that is no action, ends it as "format error".
 *
 * @throws InputError for a task whose actions cannot be planned
 */
export const rewoo: Play = async (options) => {
  const fault = rewooFault(options.task);
  if (fault) throw new InputError(`rewoo: ${fault}`);
  const environment = await options.task.environment(options.instance);
  try {
    return await play(environment, options);
  } finally {
    await environment.close();
  }
};

const play = async (env: Environment, options: Parameters<Play>[0]): Promise<Episode> => {
  const { task, instance, model, temperature, seed, maxTokens, maxSteps = task.maxSteps } = options;
  const turns: Turn[] = [];
  let [reward, steps, usage] = [0, 0, addUsage()];
  const end = (ending: Ending, error: string | null = null): Episode => {
    const { id, difficulty } = instance;
    return { task: task.name, instance: id, difficulty, turns, reward, ending, error, steps, usage };
  };
  const ask = async (content: string, limit = maxTokens): Promise<Completion> => {
    const reply = await model.complete({
      messages: [{ role: "user", content }],
      seed: seed === undefined ? undefined : seed + steps,
      temperature,
      maxTokens: limit,
    });
    usage = addUsage(usage, reply.usage);
    turns.push({ role: "user", content, loss: false });
    if (reply.finish !== "context") {
      steps++;
      turns.push({ role: "assistant", content: reply.text.trim(), loss: true });
    }
    return reply;
  };

  const question = await env.reset();
  const planned = await ask(plannerPrompt(task, question), maxTokens && STEPS_OF_A_PLAN * maxTokens);
  if (planned.finish === "context") return end("context limit");
  const calls = parsePlan(planned.text)?.slice(0, maxSteps);
  if (!calls) return end("format error");

  let fault: string | null = null;
  const act = async (action: string) => {
    try {
      const result = await env.step(action);
      reward = result.reward;
      return result;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
      return null;
    }
  };

  const evidence: string[] = [];
  for (const { tool, argument } of calls) {
    const asked = resolve(argument, evidence);
    if (tool === LLM) {
      const reply = await ask(workerPrompt(question, asked));
      if (reply.finish === "context") return end("context limit");
      evidence.push(reply.text.trim());
      continue;
    }
    const result = await act(`${tool}[${asked}]`);
    if (!result) return end("environment error", fault);
    if (result.done) return end("submitted");
    evidence.push(result.observation);
  }

  const solved = await ask(solverPrompt(task, question, calls, evidence));
  if (solved.finish === "context") return end("context limit");
  const step = parseReact(solved.text);
  if (!step) return end("format error");
  turns[turns.length - 1] = { role: "assistant", content: printReact(step), ...step, loss: true };
  const result = await act(step.action);
  if (!result) return end("environment error", fault);
  // One call solves: an action that does not finish was the last one all the same.
  return end(result.done ? "submitted" : "step limit");
};
