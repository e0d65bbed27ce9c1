import { validateTrajectory } from "../validate";
import type { Format } from "./format";

/** The kit's own format: the schema itself. Nothing is lost. */
export const kit: Format = {
  name: "kit",
  detect: (row) => has(row, "version") && has(row, "turns"),
  read: (row) => validateTrajectory(withoutNulls(row)),
  write: (trajectory) => ({ ...trajectory }),
};

const has = (row: unknown, key: string) => typeof row === "object" && row !== null && key in row;

/** Parquet stores an absent member as null: drops those that the schema makes optional. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const optional = ["thought", "action", "usage"];
  const kept = Object.entries(value).filter(([key, member]) => member !== null || !optional.includes(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]));
}
