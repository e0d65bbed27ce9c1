import { resolve } from "node:path";
import { loadPreset } from "../experiments/preset";

/**
 * What `--preset` asks of notebooks: the name of the folder of their results, and the parameters to set. A preset of
 * the user's own is read by the notebooks from its file, too. Throws InputError where it is unknown or faulty.
 */
export function presetFlag(flag: string): { preset: string; parameters: Record<string, unknown> } {
  const { name } = loadPreset(flag);
  return { preset: name, parameters: flag.endsWith(".yaml") ? { preset: resolve(flag) } : {} };
}
