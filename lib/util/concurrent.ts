/**
 * Applies `work` to every item, at most `limit` at a time, and gives the results in the items' order. The first
 * error is thrown once the work in flight has ended; what has not begun by then is not begun.
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        results[index] = await work(items[index]!, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, lane));
  const fault = lanes.find((l): l is PromiseRejectedResult => l.status === "rejected");
  if (fault) throw fault.reason;
  return results;
}
