/** This kit's side of the training bench: `node ours.js FOLDER ENGINE THREADS`, driven over standard input. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { loadBackend } from "../../model/backend";
import { loadModel } from "../../model/checkpoint";
import { loadTokenizer } from "../../model/tokenizer";
import { createEngine } from "../../training/engines/choose";
import { chooseWidths, microBatches } from "../../training/micro-batches";

/** Tokens at once: all of a step's, as TRL has them. */
const ROOM = 1 << 20;

async function main(folder: string, engine: "eager" | "graph" | "xla", threads: number): Promise<void> {
  await loadBackend({ backend: "tensorflow", threads });
  const batches: { ids: number[]; trained: number[] }[][] = JSON.parse(
    readFileSync(join(folder, "batches.json"), "utf8"),
  );
  const rows = batches.map((step) =>
    step.map(({ ids, trained }, i) => ({
      name: `row ${i}`,
      ids: Int32Array.from(ids),
      trained: Uint8Array.from(trained),
      cut: 0,
    })),
  );
  const widths = chooseWidths(
    rows.map((step) => step.map(({ ids }) => ids.length)),
    ROOM,
  );
  const steps = rows.map((step) => microBatches(step, ROOM, widths));
  const model = loadModel(join(folder, "model"));
  const tokenizer = loadTokenizer(join(folder, "model"));
  const source = { steps: steps.length, of: (step: number) => steps[step]! };
  const chosen = await createEngine(model, tokenizer, { engine, precision: "float32" }, source);
  let at = 0;
  const step = () => {
    const micro = steps[at++ % steps.length]!;
    chosen.engine.step(micro, 1e-4);
    return micro.reduce((sum, m) => sum + m.targets.rows.length, 0);
  };
  for (let i = 0; i < 3; i++) step();
  console.log(JSON.stringify({ ready: chosen.name }));

  for await (const line of createInterface({ input: process.stdin })) {
    const { seconds } = JSON.parse(line) as { seconds: number };
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    let units = 0;
    while (performance.now() - start < 1000 * seconds) units += step();
    const used = process.cpuUsage(cpu);
    console.log(
      JSON.stringify({
        units,
        seconds: (performance.now() - start) / 1000,
        cpuSeconds: (used.user + used.system) / 1e6,
        peakMB: process.resourceUsage().maxRSS / 1024,
      }),
    );
  }
  process.exit(0);
}

void main(process.argv[2]!, process.argv[3] as "graph", Number(process.argv[4]));
