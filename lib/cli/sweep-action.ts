import { compute } from "../experiments/compute";
import { experiments } from "../experiments/index";
import { loadPreset } from "../experiments/preset";
import { runsOf } from "../experiments/uses";
import { closure } from "../runs/closure";
import { missing } from "../runs/ensure";
import { localPool } from "../runs/local-pool";
import type { Pool } from "../runs/pool";
import { InputError, unknown } from "../util/errors";
import type { SweepOptions } from "./sweep";

/** What `agentbank sweep` does. */
export async function sweep({
  preset: name,
  only,
  on,
  address,
  workers,
  retries,
}: SweepOptions): Promise<void> {
  if (on !== "here" && on !== "ray") throw unknown("place to sweep on", on, ["here", "ray"]);
  if (address !== undefined && on !== "ray") throw new InputError("--address goes with --on ray");
  const preset = loadPreset(name);
  const specs = runsOf(preset, only ?? experiments.map((e) => e.name));
  const start = performance.now();
  const [all, todo] = [closure(specs).size, missing(specs).size];
  if (todo > 0) await compute(specs, { pool: await poolOn(on, address, workers), workers, retries });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${todo} runs computed in ${seconds} s, ${all - todo} were there or not needed: preset ${[preset.name, ...(only ?? [])].join(", ")}: complete`,
  );
}

async function poolOn(on: "here" | "ray", address?: string, workers?: number): Promise<Pool> {
  if (on === "here") return localPool(workers);
  const { rayPool } = await import("../runs/ray-pool.js");
  const pool = await rayPool({ address, workers });
  const { nodes, cpus, gpus } = pool.cluster;
  console.log(
    `Ray: ${nodes} ${nodes === 1 ? "machine" : "machines"}, ${cpus} CPUs, ${gpus} GPUs; ${pool.size} runs at once`,
  );
  return pool;
}
