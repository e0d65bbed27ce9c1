/** Which executed notebooks would come out the same again. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, writeAtomic } from "../util/files";
import { hashOf, sha256 } from "../util/hash";
import { type Notebook, readNotebook, sourceOf } from "./notebook";

/** Left in the metadata of an executed copy. */
interface Mark {
  fingerprint: string;
  /** Whatever else the notebook left, relative to the repository. */
  files: string[];
}

/** All that an execution depends on, as a hash: the cells, the preset, the compiled library, published numbers, the base. */
export function fingerprint({ cells }: Notebook, config: string): string {
  return hashOf({ cells: cells.map(sourceOf), config, kit: kitHash() });
}

let known: string | undefined;

/** Read once a process: the library does not change under a program that runs from it. */
function kitHash(): string {
  known ??= hashOf({
    folders: ["dist", "data/published", "data/base"].map((folder) => contents(join(ROOT, folder))),
    lock: sha256(readFileSync(join(ROOT, "package-lock.json"))),
    store: process.env["AGENTBANK_RUNS"] ?? null,
    node: process.versions.node,
  });
  return known;
}

/** Hashes of the files below a folder, by path; maps and build notes count for nothing. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/\.(map|tsbuildinfo)$/.test(entry.name),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return [path.slice(folder.length), sha256(readFileSync(path))];
    }),
  );
}

/** True where the copy at `path` was executed to its end with this fingerprint and all that it left is still there. */
export function isAsMarked(path: string, fingerprint: string): boolean {
  if (!existsSync(path)) return false;
  const mark = readNotebook(path).metadata["agentbank"] as Mark | undefined;
  return mark?.fingerprint === fingerprint && mark.files.every((file) => existsSync(join(ROOT, file)));
}

/** Marks an executed copy. */
export function markExecuted(path: string, fingerprint: string, files: readonly string[]): void {
  const notebook = readNotebook(path);
  const mark: Mark = { fingerprint, files: [...files] };
  const marked = { ...notebook, metadata: { ...notebook.metadata, agentbank: mark } };
  writeAtomic(path, `${JSON.stringify(marked, null, 1)}\n`);
}
