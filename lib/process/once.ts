/**
 * Doing a thing once, however many ask for it.
 *
 * @module
 */

/** Calls `work` once for each key, when it is first asked for; whoever asks again gets the same promise. */
export function once<K, V>(work: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (key) => {
    const begun = known.get(key) ?? work(key);
    known.set(key, begun);
    return begun;
  };
}

/** Calls `work` once, when it is first asked for; whoever asks again gets the same promise. */
export function lazy<V>(work: () => Promise<V>): () => Promise<V> {
  const ask = once(work);
  return () => ask(undefined);
}
