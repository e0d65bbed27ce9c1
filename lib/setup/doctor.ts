/** `agentbank doctor`: looks at every part and changes nothing. */
import type { Part } from "./part";
import { parts } from "./parts";

export interface Diagnosis {
  name: string;
  found: boolean;
  required: boolean;
  /** Version or place where found, else the reason. */
  detail: string;
  purpose: string;
  fallback: string;
  /** The command that adds the part; null where it is there. */
  remedy: string | null;
}

export function diagnose(list: readonly Part[] = parts): Diagnosis[] {
  return list.map(({ name, required, purpose, fallback, remedy, check }) => {
    const { found, detail } = check();
    return { name, found, required, detail, purpose, fallback, remedy: found ? null : remedy };
  });
}

/** A block for every part: whether it is there, what for, and for a missing one its fallback and its remedy. */
export function printDiagnosis(diagnosis: readonly Diagnosis[]): string {
  const width = Math.max(...diagnosis.map((d) => d.name.length));
  const indent = " ".repeat(width + 11);
  return diagnosis
    .flatMap((d) => [
      `${d.found ? "found  " : "missing"}  ${d.name.padEnd(width)}  ${d.detail}`,
      `${indent}for: ${d.purpose}`,
      ...(d.remedy ? [`${indent}without it: ${d.fallback}`, `${indent}to add it: ${d.remedy}`] : []),
    ])
    .join("\n");
}
