/** What a training goes on from: weights, moments and the count of steps, the same file whichever engine wrote it. */
import { type HostTensor, openSafetensors, writeSafetensors } from "../../model/safetensors";
import { InputError } from "../../util/errors";

const kinds = ["w", "m", "v"] as const;
/** Weight, and both moments of AdamW. */
export type StateKind = (typeof kinds)[number];

export interface TrainingState {
  steps: number;
  /** What there is of a parameter, flat. Asked for one by one: together they are three times the model. */
  read(kind: StateKind, name: string): Float32Array;
}

/**
 * Writes the file whole or not at all: `w/NAME`, `m/NAME`, `v/NAME`, flat.
 *
 * @param sizes elements of each parameter
 */
export function writeState(
  path: string,
  sizes: Readonly<Record<string, number>>,
  state: TrainingState,
): void {
  const tensors = new Map<string, HostTensor>([
    ["steps", { shape: [1], data: Float32Array.of(state.steps) }],
  ]);
  for (const kind of kinds)
    for (const [name, size] of Object.entries(sizes))
      tensors.set(`${kind}/${name}`, {
        shape: [size],
        get data() {
          return state.read(kind, name);
        },
      });
  writeSafetensors(path, tensors);
}

/**
 * Gives `use` what is in the file.
 *
 * @throws InputError where it is not of a training of these parameters.
 */
export function readState(path: string, names: readonly string[], use: (state: TrainingState) => void): void {
  const file = openSafetensors(path);
  try {
    const missing = ["steps", ...kinds.flatMap((kind) => names.map((name) => `${kind}/${name}`))].filter(
      (name) => !file.shapes.has(name),
    );
    if (missing.length > 0)
      throw new InputError(`${path}: not of this model: no ${missing.slice(0, 3).join(", ")}`);
    use({ steps: file.read("steps")[0]!, read: (kind, name) => file.read(`${kind}/${name}`) });
  } finally {
    file.close();
  }
}
