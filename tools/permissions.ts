/**
 * What the executable may do.
 *
 * @module
 */

/** No network, no foreign code, no remote imports, and no question about it. */
export const EXECUTABLE_PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--deny-net",
  "--deny-ffi",
  "--deny-import",
  "--deny-sys",
];
