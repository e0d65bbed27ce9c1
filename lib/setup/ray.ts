/** Ray, which spreads a sweep over machines. The kit's own processes do without it. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Part } from "./part";
import { PYTHON } from "./python";

const NAMED = "AGENTBANK_RAY_PYTHON";

/** The Python that has Ray: .venv's, or the one that AGENTBANK_RAY_PYTHON names. */
export const rayPython = (): string => process.env[NAMED] || PYTHON;

export const ray: Part = {
  name: "Ray",
  purpose: "a sweep over the machines of a cluster: agentbank sweep --on ray",
  required: false,
  fallback: "a sweep over the cores of this machine",
  remedy: ".venv/bin/python -m pip install -r lib/python/requirements-ray.txt",
  check() {
    const lib = join(dirname(rayPython()), "..", "lib");
    const has = (python: string) => existsSync(join(lib, python, "site-packages", "ray"));
    const found = existsSync(lib) && readdirSync(lib).some(has);
    return { found, detail: found ? rayPython() : `not in ${lib}` };
  },
};

/** Why a sweep cannot be handed to Ray here, with the command that adds what is missing; null where it can. */
export function rayMissing(): string | null {
  const { found, detail } = ray.check();
  return found
    ? null
    : `--on ray needs Ray: ${detail}; to add it: ${ray.remedy}, or name a Python that has it in ${NAMED}`;
}
