/** Shows things in a notebook: in the kit's kernel under the cell, elsewhere as text on stdout. */
import { randomUUID } from "node:crypto";

/** One thing in several forms, by MIME type; a front end shows the richest that it can. Bytes are sent as base64. */
export type MimeBundle = Readonly<Record<string, string | object | Uint8Array>>;

export interface Shown {
  /** Puts something else in its place. */
  update(bundle: MimeBundle): void;
}

/** The kernel leaves its function under this name (lib/kernel/output.ts), so that neither imports the other. */
const DISPLAY = Symbol.for("agentbank.display");

type Show = (content: object, update: boolean) => void;

/**
 * Shows a bundle and gives what replaces it: `const shown = display({ "text/plain": "0 %" }); shown.update(…)` is
 * progress in place.
 */
export function display(bundle: MimeBundle): Shown {
  const id = randomUUID();
  show(bundle, id, false);
  // Marked, so that the kernel does not print it where it is a cell's last value.
  const shown = { update: (next: MimeBundle) => show(next, id, true), [DISPLAY]: true };
  return shown;
}

/** True in the kit's kernel. */
export function inNotebook(): boolean {
  return DISPLAY in globalThis;
}

function show(bundle: MimeBundle, id: string, update: boolean): void {
  const kernel = (globalThis as Record<symbol, unknown>)[DISPLAY] as Show | undefined;
  if (!kernel) {
    console.log(bundle["text/plain"] ?? `[${Object.keys(bundle).join(", ")}]`);
    return;
  }
  const data = Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [
      type,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
  kernel({ data, metadata: {}, transient: { display_id: id } }, update);
}
