import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../util/files";

/** What computed a result: the kit, its commit where it is a checkout, Node, and TensorFlow.js. */
export interface Versions {
  kit: string;
  commit: string | null;
  node: string;
  tfjs: string;
}

export function versions(): Versions {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return {
    kit: manifest.version,
    commit: commit(),
    node: process.versions.node,
    tfjs: manifest.dependencies["@tensorflow/tfjs"],
  };
}

function commit(): string | null {
  try {
    const git = execFileSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
    return git.trim();
  } catch {
    return null;
  }
}
