import { lockOwner } from "../../lib/runs/lock";

/**
 * Kills whoever holds the lock, the first `times` owners, and then calls `then`. Gives the function that ends it, which
 * tells how many were killed.
 */
export function killOwners(lock: string, times: number, then: () => void = () => {}): () => number {
  const killed = new Set<number>();
  const killer = setInterval(() => {
    const owner = lockOwner(lock);
    if (!owner || killed.has(owner.pid)) return;
    killed.add(owner.pid);
    process.kill(owner.pid, "SIGKILL");
    if (killed.size < times) return;
    clearInterval(killer);
    then();
  }, 100);
  return () => {
    clearInterval(killer);
    return killed.size;
  };
}
