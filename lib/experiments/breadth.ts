/** How experiments vary the number of tasks: nested groups of tasks that share a number of trajectories. */

/** The first group, the first two, and so on: each level adds tasks to the one before. */
export function levels(groups: readonly (readonly string[])[]): string[][] {
  return groups.map((_, k) => [...new Set(groups.slice(0, k + 1).flat())]);
}

/**
 * `total` trajectories shared out among tasks, as evenly as whole numbers allow; the first tasks get what is left over.
 * Throws RangeError where a task would get none.
 */
export function sharedOut(tasks: readonly string[], total: number): Record<string, number> {
  if (total < tasks.length)
    throw new RangeError(`${total} trajectories are too few for ${tasks.length} tasks`);
  const each = Math.floor(total / tasks.length);
  const left = total - each * tasks.length;
  return Object.fromEntries(tasks.map((task, i) => [task, each + (i < left ? 1 : 0)]));
}
