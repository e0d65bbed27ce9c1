import type { NotebookEvent } from "./run";

const PROGRESS_EVERY_MS = 15_000;

/** Prints the events of notebooks: a line a cell, and every 15 seconds how far a long cell is. */
export function tellEvents(): (event: NotebookEvent) => void {
  let last = Date.now();
  return (event) => {
    if (event.event === "started" || event.cell === 0) return;
    const { notebook, cell, cells, eta } = event;
    const place = `${notebook} cell ${cell}/${cells}`;
    if (event.event === "progress") {
      if (Date.now() - last < PROGRESS_EVERY_MS) return;
      console.log(`${place}: ${event.text.replaceAll("\n", " · ")}`);
    } else {
      const took = event.event === "failed" ? "failed after" : "done in";
      const left = event.event === "failed" || cell === cells ? "" : ` · ETA ${(eta / 1000).toFixed(1)} s`;
      console.log(`${place} ${took} ${(event.ms / 1000).toFixed(1)} s${left}`);
    }
    last = Date.now();
  };
}
