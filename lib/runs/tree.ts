/** What a run depends on, as a tree. */
import { describeRun } from "./describe";
import { dependencies, type RunSpec, runId } from "./spec";

/**
 * One line a run, its dependencies indented under it. A run that several others need is told whole once, and by its
 * name alone after that.
 *
 * @param status what to say of each: `done`
 */
export function printTree(spec: RunSpec, status: (spec: RunSpec) => string): string {
  const seen = new Set<string>();
  const lines: string[] = [];
  const visit = (run: RunSpec, indent: string, branch: string) => {
    const id = runId(run);
    const again = seen.has(id);
    seen.add(id);
    lines.push(`${indent}${branch}${id}  ${status(run)}${again ? "  (above)" : `  ${describeRun(run)}`}`);
    if (again) return;
    const below = unique(dependencies(run));
    const deeper = branch === "" ? indent : indent + (branch === "└─ " ? "   " : "│  ");
    for (const [i, dependency] of below.entries())
      visit(dependency, deeper, i === below.length - 1 ? "└─ " : "├─ ");
  };
  visit(spec, "", "");
  return lines.join("\n");
}

/** A run may be needed for more than one reason. */
const unique = (specs: readonly RunSpec[]): RunSpec[] => [
  ...new Map(specs.map((spec) => [runId(spec), spec])).values(),
];
