/** Finds the official files of a task in the folder that the user named. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../util/errors";

/**
 * The first of `files` that lies in `folder`, or in the folder of the task's name inside it, so that one folder can
 * hold the files of every task.
 *
 * @throws InputError naming the files that were looked for
 */
export function officialFile(folder: string, task: string, files: readonly string[]): string {
  for (const home of [folder, join(folder, task)])
    for (const file of files) if (existsSync(join(home, file))) return join(home, file);
  throw new InputError(`${task}: no ${files.join(" or ")} in ${folder} or ${join(folder, task)}`);
}
