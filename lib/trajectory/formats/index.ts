/** Every format, in the order in which a row is tried against them: the particular before the general. */
import { unknown } from "../../util/errors";
import { agentbank } from "./agentbank";
import { agentinstruct } from "./agentinstruct";
import { evolCodealpaca } from "./evol-codealpaca";
import { fireactAlpaca } from "./fireact-alpaca";
import { fireactGpt } from "./fireact-gpt";
import type { Format } from "./format";
import { kit } from "./kit";
import { openai } from "./openai";
import { sharegpt } from "./sharegpt";

export const formats: readonly Format[] = [
  kit,
  agentinstruct,
  agentbank,
  sharegpt,
  fireactAlpaca,
  evolCodealpaca,
  fireactGpt,
  openai,
];

/** The format of that name. Throws InputError listing the known ones. */
export function getFormat(name: string): Format {
  const format = formats.find((f) => f.name === name);
  if (format) return format;
  throw unknown(
    "trajectory format",
    name,
    formats.map((f) => f.name),
  );
}
