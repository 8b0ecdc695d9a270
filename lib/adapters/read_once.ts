/**
 * Reading a long text once.
 *
 * @module
 */

/** What reads a text: one that is the same as the last one, such as a lock file about which several ask, it has read already. */
export function readOnce<T>(
  read: (text: string) => Promise<T>,
): (text: string) => Promise<T> {
  let last: { readonly text: string; readonly found: Promise<T> } | undefined;
  return async (text) => {
    if (last?.text !== text) last = { text, found: read(text) };
    return await last.found;
  };
}
