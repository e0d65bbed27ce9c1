import { type EnsureOptions, type EnsureStatus, ensure } from "../runs/ensure";
import type { RunSpec } from "../runs/spec";
import { display, inNotebook } from "../util/display";

const UPDATE_EVERY_MS = 1000;

/**
 * Computes the runs that are not there yet and shows how far they are: under the cell in a notebook, on stderr
 * elsewhere. Returns at once where all are done.
 */
export async function compute(runs: readonly RunSpec[], options: Omit<EnsureOptions, "onProgress"> = {}) {
  const show = inNotebook() ? inPlace() : onStderr();
  let last = 0;
  let status: EnsureStatus | undefined;
  await ensure(runs, {
    ...options,
    onProgress(now) {
      status = now;
      if (Date.now() - last < UPDATE_EVERY_MS) return;
      last = Date.now();
      show(describe(now));
    },
  });
  show(status ? describe(status) : `all ${new Set(runs).size} runs were there`);
}

function describe({ done, total, active, seconds, eta }: EnsureStatus): string {
  const left = eta === null || done === total ? "" : ` · ETA ${Math.ceil(eta)} s`;
  return [`${done} of ${total} runs in ${Math.round(seconds)} s${left}`, ...active].join("\n");
}

function inPlace(): (text: string) => void {
  const shown = display({ "text/plain": "…" });
  return (text) => shown.update({ "text/plain": text });
}

function onStderr(): (text: string) => void {
  return (text) => process.stderr.write(`${text.replaceAll("\n", " · ")}\n`);
}
