/**
 * A fault of the input, not of the program: the command line prints the faults, one a line and without a stack,
 * and exits with code 2. All faults of one input are told at once.
 */
export class InputError extends Error {
  readonly faults: readonly string[];

  constructor(faults: string | readonly string[]) {
    const list = typeof faults === "string" ? [faults] : faults;
    super(list.join("\n"));
    this.name = "InputError";
    this.faults = list;
  }
}

/** Runs every check; what they throw as InputError is thrown as one, so that the user is told of all faults at once. */
export function checkAll(...checks: readonly (() => unknown)[]): void {
  const faults = checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof InputError) return error.faults;
      throw error;
    }
  });
  if (faults.length > 0) throw new InputError(faults);
}

/** `unknown task: "x"; known: a, b` */
export function unknown(kind: string, name: string, known: Iterable<string>): InputError {
  return new InputError(`unknown ${kind}: "${name}"; known: ${[...known].join(", ")}`);
}
