/** Jupyter's messages on the wire: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol */
import { createHmac, randomUUID } from "node:crypto";

/** What the front end writes for a kernel to find: addresses, and the key that signs every message. */
export interface Connection {
  transport: string;
  ip: string;
  key: string;
  shell_port: number;
  control_port: number;
  iopub_port: number;
  stdin_port: number;
  hb_port: number;
}

export interface Message {
  /** Where ZeroMQ routes replies to. */
  identities: Buffer[];
  header: {
    msg_id: string;
    session: string;
    username: string;
    date: string;
    msg_type: string;
    version: string;
  };
  parent: object;
  content: Record<string, unknown>;
}

const DELIMITER = Buffer.from("<IDS|MSG>");

function sign(key: string, parts: readonly (Buffer | string)[]): string {
  const hash = createHmac("sha256", key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Reads a message. Throws on a wrong signature. */
export function decode(key: string, frames: readonly Buffer[]): Message {
  const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (delimiter < 0 || frames.length < delimiter + 6) throw new Error("not a Jupyter message");
  const parts = frames.slice(delimiter + 2, delimiter + 6);
  if (key !== "" && frames[delimiter + 1]!.toString() !== sign(key, parts))
    throw new Error("wrong signature");
  const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()));
  return { identities: frames.slice(0, delimiter), header, parent, content };
}

/** Writes a message of type `type` that answers or accompanies `parent`. */
export function encode(key: string, parent: Message, type: string, content: object): (Buffer | string)[] {
  const header = {
    ...parent.header,
    msg_id: randomUUID(),
    date: new Date().toISOString(),
    msg_type: type,
    version: "5.3",
  };
  const parts = [header, parent.header, {}, content].map((part) => JSON.stringify(part));
  return [...parent.identities, DELIMITER, key === "" ? "" : sign(key, parts), ...parts];
}
