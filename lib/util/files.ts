import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The repository's root: two folders above this file, whether it runs from lib/ or from dist/. */
export const ROOT = resolve(__dirname, "..", "..");

/** Writes a file whole or not at all: to a neighbour first, then renamed over the target. Makes the folders. */
export function writeAtomic(path: string, data: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  writeFileSync(temporary, data);
  renameSync(temporary, path);
}

/** What can be made again, kept under data/cache (or AGENTBANK_CACHE): `cacheFolder("figures")`. */
export function cacheFolder(name: string): string {
  return join(process.env.AGENTBANK_CACHE ?? join(ROOT, "data", "cache"), name);
}
