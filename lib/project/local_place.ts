/**
 * Paths and URLs that lead to one developer's machine.
 *
 * @module
 */

import { normalize } from "@std/path";

/** A URL that means a folder or file of this machine, as path and in words; a repository in a folder is one all the same. */
export function localPlace(
  url: string,
): { readonly path: string; readonly place: string } | undefined {
  const isRemote = /^[a-z][a-z0-9+.-]*:(?!\\)/i.test(url) && !/^file:/i.test(url) &&
    !/^[a-z]:\//i.test(url);
  if (isRemote) return undefined;
  const path = url.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, "")
    // The app's folder is put in.
    .replace(/^\/?\$\{PROJECT_ROOT\}\/?/, "./");
  return { path, place: `the path ${url}` };
}

/**
 * Whether a path leads out of the app's repository, or to where only the environment knows.
 *
 * @param folder The folder that it is seen from, in the repository, with `/`.
 */
export function isElsewhere(path: string, folder: string): boolean {
  const own = normalizePath(path);
  return own.startsWith("/") || /^(?:[a-z]|file):/i.test(own) || own.startsWith("${") ||
    /^\.\.(?:\/|$)/.test(normalizePath(`./${folder}/${own}`));
}

/** A path with `/`, without a closing one. */
export function normalizePath(path: string): string {
  return normalize(path).replaceAll("\\", "/").replace(/(?<=.)\/$/, "");
}
