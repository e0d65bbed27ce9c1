import { Presets, SingleBar } from "cli-progress";
import { display, inNotebook, type Shown } from "./display";

export interface Progress {
  /** Counts `n` more as done and may replace the note behind the figures. */
  tick(n?: number, note?: string): void;
  /** Ends the display. Safe to call twice. */
  stop(): void;
}

const LINE_EVERY_MS = 15_000;
const CHANGE_EVERY_MS = 500;

/**
 * Progress with an ETA: in a notebook one line under the cell that changes in place. Elsewhere on stderr: a bar on a
 * terminal, a line every 15 seconds in logs and CI, and nothing for work that ends sooner.
 */
export function startProgress(label: string, total: number): Progress {
  if (inNotebook()) return inPlace(label, total);
  return process.stderr.isTTY ? bar(label, total) : lines(label, total);
}

/** Progress for a callback that is told how many are done: `onProgress: counted("play")`. */
export function counted(label: string): (done: number, total: number) => void {
  let progress: Progress | undefined;
  let before = 0;
  return (done, total) => {
    progress ??= startProgress(label, total);
    progress.tick(done - before);
    before = done;
    if (done >= total) progress.stop();
  };
}

function inPlace(label: string, total: number): Progress {
  const start = Date.now();
  let done = 0;
  let last = 0;
  let shown: Shown | undefined;
  return {
    tick(n = 1, note = "") {
      done += n;
      const now = Date.now();
      if (now - last < CHANGE_EVERY_MS && done < total) return;
      last = now;
      const seconds = (now - start) / 1000;
      const left = `ETA ${Math.ceil((seconds / done) * (total - done))} s`;
      const time = done < total ? left : `${seconds.toFixed(1)} s`;
      const bundle = { "text/plain": `${label} ${done}/${total} · ${time} ${note}`.trimEnd() };
      if (shown) shown.update(bundle);
      else shown = display(bundle);
    },
    stop() {},
  };
}

function bar(label: string, total: number): Progress {
  const view = new SingleBar(
    {
      format: `${label} {bar} {value}/{total} · ETA {eta_formatted} {note}`,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  view.start(total, 0, { note: "" });
  return {
    tick: (n = 1, note) => view.increment(n, note === undefined ? {} : { note }),
    stop: () => view.stop(),
  };
}

function lines(label: string, total: number): Progress {
  const start = Date.now();
  let done = 0;
  let last = start;
  return {
    tick(n = 1, note = "") {
      done += n;
      const now = Date.now();
      if (now - last < LINE_EVERY_MS || done >= total) return;
      last = now;
      const eta = Math.round((((now - start) / done) * (total - done)) / 1000);
      process.stderr.write(`${label} ${done}/${total} · ETA ${eta} s ${note}\n`);
    },
    stop() {},
  };
}
