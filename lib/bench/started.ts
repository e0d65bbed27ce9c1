/** The processes that a run has started, however deep. Linux alone tells. */
import { readdirSync, readFileSync } from "node:fs";

export interface Started {
  pid: number;
  command: string;
}

/**
 * Those whose environment names `folder` as AGENTBANK_SOAK, or whose command line names it, and what they have
 * started: Chromium's own processes write over their environment.
 */
export function startedIn(folder: string): Started[] {
  const mark = `AGENTBANK_SOAK=${folder}`;
  const all = readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const [status, environment, command] = ["status", "environ", "cmdline"].map((file) =>
        readFileSync(`/proc/${pid}/${file}`, "utf8"),
      ) as [string, string, string];
      const parent = Number(/^PPid:\s*(\d+)/m.exec(status)![1]);
      const ours = environment.split("\0").includes(mark) || command.includes(folder);
      return [{ pid: Number(pid), parent, command: command.replaceAll("\0", " ").trim(), ours }];
    } catch {
      return []; // gone, or not ours
    }
  });
  const found = new Set(all.filter(({ ours }) => ours).map(({ pid }) => pid));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid, command }) => found.has(pid) && command !== ""); // a zombie has no command
}

/** Memory of a process in MB, what it shares with others counted in parts; 0 once it is gone. */
export function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return (Number(/^Pss:\s*(\d+) kB/m.exec(rollup)![1]) * 1024) / 1e6;
  } catch {
    return 0;
  }
}
