import type { z } from "zod";
import { InputError } from "./errors";

/** The value as the schema gives it back. Throws InputError with every fault: `turns.2.loss: expected boolean …`. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map(({ path, message }) =>
      path.length > 0 ? `${path.join(".")}: ${message}` : message,
    ),
  );
}
