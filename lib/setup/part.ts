/**
 * A part of the installation. Set-up and `agentbank doctor` read the same list: a part is checked in one place,
 * and the ones that have `install` are those that set-up can add by itself.
 */
export interface Part {
  name: string;
  /** What the kit uses it for. */
  purpose: string;
  /** Set-up fails without it; the others have a fallback. */
  required: boolean;
  /** Looks without changing anything, in milliseconds. */
  check(): Finding;
  /** What happens without it: another route, or what is skipped. */
  fallback: string;
  /** The command that adds it. */
  remedy: string;
  /** Adds it. Throws where it cannot; the first line of the message says why. */
  install?(): void;
  /** False where set-up has no reason to add it on this machine; `gpu` asks for the GPU's parts regardless. */
  wanted?(options: { gpu: boolean }): boolean;
}

export interface Finding {
  found: boolean;
  /** Version or place where found, else the reason. */
  detail: string;
}
