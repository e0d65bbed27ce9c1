import type { z } from "zod";
import { InputError } from "./errors";

/** The value as the schema gives it back. Throws InputError with every fault: `turns.2.loss: expected boolean …`. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(result.error.issues.map(describe));
}

type Issue = z.core.$ZodIssue;

/** Where and what; of a union, what each of its forms asks for, and of a key, why it is none. */
function describe(issue: Issue): string {
  const forms = [
    ...(issue.code === "invalid_union" ? issue.errors.flat() : []),
    ...(issue.code === "invalid_key" ? issue.issues : []),
  ].map(describe);
  const message = forms.length > 0 ? [...new Set(forms)].join(", or ") : issue.message;
  return issue.path.length > 0 ? `${issue.path.join(".")}: ${message}` : message;
}
