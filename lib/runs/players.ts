/** The models that runs of this process play with. Its next run is often another task of the same ones. */
import type { LanguageModel } from "../llm/client";
import { localModel } from "../llm/local";
import { servedModel } from "../llm/served";
import { checkpointFolder } from "./read";
import { type ModelSpec, nameOf } from "./spec";

/** In memory, by folder. */
const held = new Map<string, LanguageModel>();

/**
 * Opens models, or takes those that the run before had open, for as long as `use` runs. Models in this process stay in
 * memory afterwards, compiled as they are, until others are asked for or `closePlayers` is called.
 *
 * @param server command of the server that they play behind (llm/served.ts); default: in this process
 */
export async function withPlayers<T>(
  specs: readonly ModelSpec[],
  server: string | undefined,
  use: (models: readonly LanguageModel[]) => Promise<T>,
): Promise<T> {
  if (server !== undefined) {
    const models: LanguageModel[] = [];
    try {
      for (const spec of specs)
        models.push(await servedModel(checkpointFolder(spec), { command: server, name: nameOf(spec) }));
      return await use(models);
    } finally {
      for (const model of models) await model.close?.();
    }
  }
  const folders = specs.map(checkpointFolder);
  await closePlayers((folder) => !folders.includes(folder));
  try {
    const models: LanguageModel[] = [];
    for (const [i, folder] of folders.entries()) {
      // Compiled from the first step: an outcome must not depend on what was played before it.
      const model =
        held.get(folder) ?? (await localModel(folder, { name: nameOf(specs[i]!), compileAfter: 0 }));
      held.set(folder, model);
      models.push(model);
    }
    return await use(models);
  } catch (error) {
    // Its sessions may be half read.
    await closePlayers();
    throw error;
  }
}

/** Frees the models that are held; by default all of them. */
export async function closePlayers(which: (folder: string) => boolean = () => true): Promise<void> {
  for (const [folder, model] of held) {
    if (!which(folder)) continue;
    held.delete(folder);
    await model.close?.();
  }
}
