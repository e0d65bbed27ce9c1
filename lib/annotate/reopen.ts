import type { Episode } from "../agent";
import { openingPrompt } from "../tasks/prompt";
import type { Instance } from "../tasks/task";
import type { AnnotationContext } from "./strategy";

/** The episode under the opening prompt that is trained: the teacher may have seen an example that the agent will not. */
export async function reopened(
  episode: Episode,
  instance: Instance,
  context: AnnotationContext,
): Promise<Episode> {
  if (context.shots === context.teacherShots) return episode;
  const environment = await context.task.environment(instance);
  const text = await environment.reset();
  await environment.close();
  const [opening, ...rest] = episode.turns;
  const content = await openingPrompt(context.task, context.shots, text);
  return { ...episode, turns: [{ ...opening!, content }, ...rest] };
}
