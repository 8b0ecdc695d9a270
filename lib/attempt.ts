/**
 * Calls that may fail, whatever the reason.
 *
 * @module
 */

/** What a call gives; undefined where it fails. For what is good to know, or to have done, and harmless to lack. */
export function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

/** Whether a call succeeds. */
export function succeeds(call: () => void): boolean {
  return attempt(() => [call()]) !== undefined;
}
