/**
 * The TypeScript kernel's registration: a kernel.json in .venv and nowhere else, so that the user's other kernels
 * and other clones never meet it. It holds absolute paths, hence it is written by set-up and compared whole.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, writeAtomic } from "../util/files";
import type { Part } from "./part";
import { VENV } from "./python";

/** As notebooks name it in their metadata. */
export const KERNEL_NAME = "agentbank-ts";

const { settings } = require(join(ROOT, "bin", "environment.cjs")) as { settings: Record<string, string> };
const path = join(VENV, "share", "jupyter", "kernels", KERNEL_NAME, "kernel.json");
const content = `${JSON.stringify(
  {
    argv: ["node", join(ROOT, "dist", "kernel", "launch.js"), "{connection_file}"],
    display_name: "TypeScript (AgentBank Lab)",
    language: "typescript",
    interrupt_mode: "signal",
    env: settings,
  },
  null,
  2,
)}\n`;

export const kernel: Part = {
  name: "TypeScript kernel",
  purpose: "runs the notebooks' cells",
  required: true,
  fallback: "none",
  remedy: "npm run setup",
  check() {
    if (!existsSync(path)) return { found: false, detail: "not registered in .venv" };
    if (readFileSync(path, "utf8") !== content)
      return { found: false, detail: "registered for another place" };
    return { found: true, detail: `${KERNEL_NAME} in .venv` };
  },
  install() {
    writeAtomic(path, content);
  },
};
