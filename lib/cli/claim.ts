import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";
import { canonicalJson } from "../util/hash";

/**
 * Writes what the results in a folder are made with, or checks that they are made with the same.
 * Throws InputError where the folder holds another configuration's results.
 */
export function claim(folder: string, config: object): void {
  const path = join(folder, "config.json");
  if (existsSync(path) && canonicalJson(JSON.parse(readFileSync(path, "utf8"))) !== canonicalJson(config))
    throw new InputError(
      `${folder} holds another configuration's results: choose another --out, or remove it`,
    );
  writeAtomic(path, `${JSON.stringify(config, null, 2)}\n`);
}
