/**
 * Running independent work together, a few at a time.
 *
 * @module
 */

/**
 * Calls `work` on every item, at most `jobs` at a time, and waits for all of them, failed or not.
 *
 * @returns What each call came to, in the order of the items.
 */
export async function settleAll<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      try {
        results[index] = { status: "fulfilled", value: await work(item) };
      } catch (reason) {
        results[index] = { status: "rejected", reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, items.length)) }, worker));
  return results;
}

/**
 * Calls `work` on every item, at most `jobs` at a time.
 *
 * @returns The results, in the order of the items.
 * @throws The first error, in the order of the items, once all calls have ended.
 */
export async function mapAll<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const settled = await settleAll(items, jobs, work);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
