/** What `agentbank train` is told: a YAML file, settings and flags, as one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { trainSettingsSchema } from "../training/settings";
import { InputError } from "../util/errors";
import { ROOT } from "../util/files";
import type { TrainCommandOptions } from "./train";

export const configSchema = trainSettingsSchema.extend({
  model: z.string().default(join(ROOT, "data", "base")),
  data: z.strictObject({
    agent: z.string("no agent trajectories: name a file with --agent, or as data.agent in the config"),
    general: z.string().optional(),
    code: z.string().optional(),
  }),
  out: z.string().default(join(ROOT, "data", "models", "trained")),
  threads: z.int().positive().optional(),
  launch: z.string().optional(),
  checkpointEvery: z.int().positive().optional(),
});

/** The three together, flags before settings before the file; not checked yet. */
export function configOf({ config, set, agent, general, code, ...flags }: TrainCommandOptions) {
  const file = config ? readYaml(config) : {};
  const data = { ...(file["data"] as object), ...defined({ agent, general, code }) };
  const { model, out, threads, engine, launch } = flags;
  const settings = Object.fromEntries(set.map(parseSetting));
  return { ...file, ...settings, ...defined({ model, out, threads, engine, launch }), data };
}

function readYaml(path: string): Record<string, unknown> {
  if (!existsSync(path)) throw new InputError(`no such file: ${path}`);
  const content = parseYaml(path, readFileSync(path, "utf8")) ?? {};
  if (typeof content !== "object" || Array.isArray(content))
    throw new InputError(`${path}: not a mapping of settings`);
  return content as Record<string, unknown>;
}

function parseYaml(place: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new InputError(`${place}: ${(error as Error).message}`);
  }
}

/** `key=value`, the value as YAML. */
export function parseSetting(text: string): [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw new InputError(`--set ${text}: not key=value`);
  return [text.slice(0, at), parseYaml(`--set ${text}`, text.slice(at + 1))];
}

const defined = (flags: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
