import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  /** Counts `n` more as done and may replace the note behind the figures. */
  tick(n?: number, note?: string): void;
  /** Ends the display. Safe to call twice. */
  stop(): void;
}

const LINE_EVERY_MS = 15_000;

/**
 * Progress with an ETA on stderr: a bar on a terminal, a line every 15 seconds elsewhere (logs, CI), and nothing for
 * work that ends sooner.
 */
export function startProgress(label: string, total: number): Progress {
  return process.stderr.isTTY ? bar(label, total) : lines(label, total);
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
