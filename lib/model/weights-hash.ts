/** What identifies a model: the SHA-256 of its weights, in one file or in shards. */
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, writeAtomic } from "../util/files";
import { hashOf } from "../util/hash";

/** A file from which on the hash is kept on disk, too: reading it takes longer than a tenth of a second. */
const LARGE = 100e6;
const CHUNK = 1 << 24;
const known = new Map<string, string>();

/**
 * The SHA-256 of all weight files of a folder (safetensors or GGUF) one after the other, in the order of their names;
 * null where it has none. Files that have not changed since are not read again: not by this process, nor, when they
 * are large, by later ones.
 */
export function weightsHash(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder).filter((name) => /\.(safetensors|gguf)$/.test(name));
  if (files.length === 0) return null;
  const paths = files.sort().map((name) => join(folder, name));
  const stats = paths.map((path) => statSync(path));
  const key = hashOf(paths.map((path, i) => [path, stats[i]!.size, stats[i]!.mtimeMs]));
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const large = stats.reduce((sum, { size }) => sum + size, 0) >= LARGE;
  const kept = join(cacheFolder("weights"), key);
  const hash = large && existsSync(kept) ? readFileSync(kept, "utf8") : hashFiles(paths);
  if (large) writeAtomic(kept, hash);
  known.set(key, hash);
  return hash;
}

function hashFiles(paths: readonly string[]): string {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (const path of paths) {
    const file = openSync(path, "r");
    try {
      for (let n = readSync(file, chunk); n > 0; n = readSync(file, chunk)) hash.update(chunk.subarray(0, n));
    } finally {
      closeSync(file);
    }
  }
  return hash.digest("hex");
}
