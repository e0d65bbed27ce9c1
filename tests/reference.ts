/** The Python of the reference implementations (torch, transformers, peft, tensorboard), where there is one. */
import { spawnSync } from "node:child_process";

const python = process.env["AGENTBANK_REFERENCE_PYTHON"];

/** Why reference programs cannot run; null where they can. */
export const noReference = python
  ? null
  : "AGENTBANK_REFERENCE_PYTHON does not name a Python with the reference implementations";

/** Why a reference program that needs this module cannot run; null where it can. */
export function noReferenceWith(module: string): string | null {
  if (noReference) return noReference;
  const { status } = spawnSync(python!, ["-c", `import ${module}`]);
  return status === 0 ? null : `${python} has no ${module}`;
}

/** Runs a program of tests/ and gives what it prints. Throws with its errors where it fails. */
export function runReference(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(python!, [program, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
