/**
 * The exit status of `hsm`, in words.
 *
 * @module
 */

/** What each means. */
export const EXIT_STATUS: readonly (readonly [status: string, meaning: string])[] = [
  ["0", "done"],
  ["1", "a task failed; every file is as it was"],
  ["2", "usage or manifest error, or a problem found before anything was touched"],
  ["3", "the rollback could not be completed: what to do is printed"],
  ["129, 130, 143", "ended by HUP, INT, TERM, after the rollback"],
];
