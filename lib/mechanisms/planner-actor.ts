/**
 * Two agents in the place of one: the planner writes the thought of a step, the actor the action. Each reads the
 * episode as a conversation of its own, in which the other speaks as part of the user's turn:
 *
 *     one agent   u   ■ Thought: t1 Action: a1   o1   ■ Thought: t2 Action: a2
 *     planner     u   ■ Thought: t1   Action: a1 o1   ■ Thought: t2
 *     actor       u Thought: t1   ■ Action: a1   o1 Thought: t2   ■ Action: a2
 *
 * So either is an ordinary chat model, trained on ordinary rows: those of a bank, seen from its side.
 */
import { addUsage, type Completion, type LanguageModel, type Message } from "../llm/client";
import { FORMAT } from "../tasks/prompt";
import { parseReact, type ReactStep } from "../trajectory/react";
import type { Trajectory, Turn } from "../trajectory/schema";

export const roles = ["planner", "actor"] as const;
export type Role = (typeof roles)[number];

/** In the place of the prompt's own lines on the format. */
const formats: Record<Role, string> = {
  planner: "You think, another agent acts. Reply with one line:\nThought: what follows from what you see",
  actor: "Another agent thinks, you act. Reply with one line:\nAction: one action",
};

const THOUGHT = "Thought:";
const thoughtOf = ({ thought }: ReactStep) => `${THOUGHT} ${thought}`.trim();
const actionOf = ({ action }: ReactStep) => `Action: ${action}`;

/**
 * The conversation as one of the two reads it. A turn of the agent that is no step stays as it is, for both.
 *
 * @param thought the planner's thought for the step that the actor is to take now
 */
export function viewOf(role: Role, messages: readonly Message[], thought?: string): Message[] {
  const steps = messages.map(({ role, content }) => (role === "assistant" ? parseReact(content) : null));
  return messages.map((message, i) => {
    if (message.role === "assistant") {
      const step = steps[i];
      if (!step) return message;
      return { ...message, content: role === "planner" ? thoughtOf(step) : actionOf(step) };
    }
    const said = message.content.replace(FORMAT, () => formats[role]);
    if (role === "planner") {
      const before = steps[i - 1];
      return { ...message, content: before ? `${actionOf(before)}\n${said}` : said };
    }
    const next = steps[i + 1] ? thoughtOf(steps[i + 1]!) : i === messages.length - 1 ? thought : undefined;
    return { ...message, content: next === undefined ? said : `${said}\n${next}` };
  });
}

/** A trajectory as training data of one of the two. */
export function roleRow(role: Role, trajectory: Trajectory): Trajectory {
  const turns = viewOf(role, trajectory.turns).map(
    ({ role, content }, i): Turn => ({ role, content, loss: trajectory.turns[i]!.loss }),
  );
  return { ...trajectory, id: `${trajectory.id}/${role}`, turns };
}

/**
 * The two as one language model, which every mechanism and task takes. A step is two calls. The one model may play both
 * parts; their sessions are apart. Whoever made the models closes them.
 */
export function plannerAndActor(planner: LanguageModel, actor: LanguageModel): LanguageModel {
  const release = (session: string) => {
    planner.release?.(sessionOf(session, "planner"));
    actor.release?.(sessionOf(session, "actor"));
  };
  return {
    name: planner === actor ? `${planner.name} in two roles` : `${planner.name} and ${actor.name}`,
    simulated: planner.simulated || actor.simulated,
    async complete(request): Promise<Completion> {
      const ask = (role: Role, thought?: string) =>
        ({ planner, actor })[role].complete({
          ...request,
          messages: viewOf(role, request.messages, thought),
          // A planner that goes on to act is cut short.
          stop: [...(request.stop ?? []), ...(role === "planner" ? ["\nAction:"] : [])],
          session: request.session && sessionOf(request.session, role),
        });
      const plan = await ask("planner");
      if (plan.finish === "context") return plan;
      const said = plan.text.trim();
      const thought = said.startsWith(THOUGHT) ? said : `${THOUGHT} ${said}`.trim();
      const act = await ask("actor", thought);
      return { ...act, text: `${thought}\n${act.text}`, usage: addUsage(plan.usage, act.usage) };
    },
    // Only where sessions are kept: evaluations take it as a sign that episodes are decoded together.
    ...(planner.release && actor.release ? { release } : {}),
  };
}

const sessionOf = (session: string, role: Role) => `${session}/${role}`;
