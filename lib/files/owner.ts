/**
 * Whose a file is.
 *
 * @module
 */

import { infoAt } from "./is_there.ts";

type Env = Readonly<Record<string, string>>;

/** Who runs HSM; undefined where the system does not tell. Asking Deno takes a permission of its own. */
export function ownUser(env: Env): number | undefined {
  for (const path of ["/proc/self", env["HOME"] ?? ""]) {
    try {
      const { uid } = Deno.statSync(path);
      if (uid !== null) return uid;
    } catch {
      // The next one may tell.
    }
  }
  return undefined;
}

/**
 * Whether any of these is somebody else's, so that git, which is to be asked then, may refuse to use it. The variable is
 * git's own, to try that.
 */
export function areOthers(paths: readonly string[], env: Env): boolean {
  if (env["GIT_TEST_ASSUME_DIFFERENT_OWNER"] !== undefined) return true;
  const user = ownUser(env);
  return paths.some((path) => (infoAt(path)?.uid ?? user) !== user);
}
