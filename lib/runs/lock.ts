/** A lock that processes hold against each other, on one machine or on several that share a folder, and that a killed one does not keep. */
import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

const RETRY_MS = 50;
/** Clocks are set right now and then: a process counts as younger than a lock only by more than this. */
const CLOCK_MS = 10_000;
/** An owner says this often that it lives: whoever is on another machine cannot look for its process. */
const BEAT_MS = 15_000;
/** Another machine's owner that has said nothing for so long is gone. A step that blocks its process may take minutes. */
const SILENT_MS = 600_000;

/**
 * Runs `work` while holding the lock, a file that names its owner; waits for whoever holds it. The lock of a process
 * that is no longer there is taken over.
 */
export const withLock = <T>(path: string, work: () => Promise<T>): Promise<T> => withAnyLock([path], work);

/** The same with one of several locks, whichever is free first. */
export async function withAnyLock<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  let path = paths.find(tryLock);
  while (path === undefined) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    path = paths.find(tryLock);
  }
  const held = path;
  const beat = setInterval(() => isMine(held) && touch(held), BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (isMine(held)) rmSync(held, { force: true });
  }
}

/** The owner in a lock file, `PID HOST`; null where there is no lock. */
export function lockOwner(path: string): { pid: number; host: string } | null {
  try {
    const [pid, host] = readFileSync(path, "utf8").split(" ");
    return { pid: Number(pid), host: host ?? hostname() };
  } catch {
    return null;
  }
}

/** True where somebody holds the lock who is still there. */
export const isHeld = (path: string): boolean => lockOwner(path) !== null && !isStale(path);

function tryLock(path: string): boolean {
  // Written aside and then linked: whoever sees the lock sees its owner in it.
  const mine = `${path}.${process.pid}.${hostname()}`;
  writeFileSync(mine, `${process.pid} ${hostname()}`);
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    // The file that was just written has the time of the folder's own clock, whichever machine that is on.
    if (isStale(path, statSync(mine).mtimeMs)) rmSync(path, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** False once somebody who had waited for too long took the lock over. */
function isMine(path: string): boolean {
  const owner = lockOwner(path);
  return owner?.pid === process.pid && owner.host === hostname();
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Taken over between the two.
  }
}

/** True where the owner is gone. Process ids come again, above all in containers: one that began after the lock is another's. */
function isStale(path: string, now = Date.now()): boolean {
  const owner = lockOwner(path);
  if (owner === null) return false; // Released in the meantime.
  let seen: number;
  try {
    seen = statSync(path).mtimeMs;
  } catch {
    return false;
  }
  if (owner.host !== hostname()) return now - seen > SILENT_MS;
  return !isAlive(owner.pid) || (startOf(owner.pid) ?? 0) > seen + CLOCK_MS;
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
