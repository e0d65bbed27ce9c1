import { dependencies, type RunSpec, runId } from "./spec";

/** The runs and all that they depend on, dependencies before dependants, each once. */
export function closure(specs: readonly RunSpec[]): Map<string, RunSpec> {
  const found = new Map<string, RunSpec>();
  const visit = (spec: RunSpec) => {
    const id = runId(spec);
    if (found.has(id)) return;
    for (const dependency of dependencies(spec)) visit(dependency);
    found.set(id, spec);
  };
  for (const spec of specs) visit(spec);
  return found;
}
