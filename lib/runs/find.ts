import { InputError } from "../util/errors";

/**
 * The one of `known` that a name or the beginning of one means: `train-1a2`, or `1a2` where no other hash begins so.
 *
 * @throws InputError where none does, or several do
 */
export function findId(name: string, known: Iterable<string>): string {
  const found = [...known].filter(
    (id) => id === name || id.startsWith(name) || id.split("-").at(-1)!.startsWith(name),
  );
  if (found.includes(name)) return name;
  if (found.length === 1) return found[0]!;
  throw new InputError(
    found.length === 0
      ? `unknown run: "${name}"; to see those that there are: agentbank runs list`
      : `run "${name}" could be any of ${found.join(", ")}`,
  );
}
