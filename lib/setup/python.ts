/** The notebook side: a Python environment of the repository's own, in .venv. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, writeAtomic } from "../util/files";
import { hashOf } from "../util/hash";
import type { Part } from "./part";
import { execute, findProgram } from "./run";

export const VENV = join(ROOT, ".venv");

/** Python of the repository's own environment. */
export const PYTHON = join(VENV, "bin", "python");

const requirements = join(ROOT, "lib", "python", "requirements.txt");
const stamp = join(VENV, "agentbank-requirements");

// The scripts of an environment hold its absolute path: a repository that was moved needs a new one.
const wanted = () => hashOf([VENV, readFileSync(requirements, "utf8")]);

export const venv: Part = {
  name: "Python environment",
  purpose: "JupyterLab, and notebooks executed headless",
  required: true,
  fallback: "the library and the command line, but no notebooks",
  remedy: "install Python 3.10 or newer with its venv module, then: npm run setup",
  check() {
    if (!existsSync(stamp)) return { found: false, detail: "no .venv" };
    if (readFileSync(stamp, "utf8") !== wanted())
      return { found: false, detail: ".venv is not of this requirements.txt" };
    return { found: true, detail: ".venv as in lib/python/requirements.txt" };
  },
  install() {
    const python = findProgram("python3", "python");
    if (!python) throw new Error("no python3 on the PATH");
    execute(python, [
      "-c",
      "import sys; sys.exit(sys.version_info < (3, 10) and f'{sys.executable} is Python {sys.version}')",
    ]);
    execute(python, ["-m", "venv", "--clear", VENV]);
    execute(PYTHON, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
    writeAtomic(stamp, wanted());
  },
};
