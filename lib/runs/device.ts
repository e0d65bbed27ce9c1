/** Which runs need a GPU, so that no two of them want the same one. */
import { existsSync } from "node:fs";
import { parseLaunch, processesOf } from "../training/torch/launch";
import type { RunSpec } from "./spec";

const computed = (spec: RunSpec) => spec.kind === "train" || spec.kind === "evaluate";

/**
 * GPUs that a run computes on: those of the torch engine's launch, and one for what the kit's own backend computes
 * where this machine has one and AGENTBANK_BACKEND names no other.
 */
export function gpusOf(spec: RunSpec): number {
  if (spec.kind === "train" && spec.settings.engine === "torch") {
    const launch = parseLaunch(spec.launch ?? "1xGPU");
    return launch.device === "cuda" ? processesOf(launch) : 0;
  }
  const backend = process.env["AGENTBANK_BACKEND"] ?? "auto";
  const may = backend === "auto" || backend === "tensorflow-gpu" || backend === "webgpu";
  return computed(spec) && may && existsSync("/dev/nvidiactl") ? 1 : 0;
}
