/** A lock that processes of one machine hold against each other, and that a killed one does not keep. */
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

const RETRY_MS = 200;
/** Clocks are set right now and then: a process counts as younger than a lock only by more than this. */
const CLOCK_MS = 10_000;

/**
 * Runs `work` while holding the lock, a file with the owner's process id; waits for whoever holds it. The lock of a
 * process that is no longer there is taken over.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!tryLock(path)) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  // Written aside and then linked: whoever sees the lock sees its owner in it.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (isStale(path)) rmSync(path, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** True where the owner is gone. Process ids come again, above all in containers: one that began after the lock is another's. */
function isStale(path: string): boolean {
  let owner: number;
  let made: number;
  try {
    owner = Number(readFileSync(path, "utf8"));
    made = statSync(path).mtimeMs;
  } catch {
    return false; // Released in the meantime.
  }
  return !isAlive(owner) || (startOf(owner) ?? 0) > made + CLOCK_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process began, in milliseconds since 1970, to the second; null where the system has no /proc. */
function startOf(pid: number): number | null {
  try {
    // proc(5): the 22nd field is in ticks of 10 ms since boot; the 2nd is a name in brackets, which may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    const boot = Number(/^btime (\d+)/m.exec(readFileSync("/proc/stat", "utf8"))![1]);
    return boot * 1000 + Number(fields[19]) * 10;
  } catch {
    return null;
  }
}
