/**
 * Packages that are locked from elsewhere than they are wanted from.
 *
 * @module
 */

import { normalize, resolve } from "@std/path";
import { attempt } from "../attempt.ts";
import type { Stranger } from "./adapter.ts";
import type { LockedPackage, LockedSource, LockFolders } from "./reader.ts";

/**
 * Those of the packages that a lock file has from elsewhere than they are wanted from. Pure.
 *
 * @param wanted Where each is wanted from, by its normalized name; a package that is not there is the user's own business.
 */
export function strangersAmong<Wanted>(
  locked: readonly LockedPackage[],
  packages: readonly string[],
  wanted: ReadonlyMap<string, Wanted>,
  isFrom: (locked: LockedSource, wanted: Wanted) => boolean,
): readonly Stranger[] {
  const asked = new Set(packages);
  return locked.filter(({ key, source }) => {
    const it = asked.has(key) ? wanted.get(key) : undefined;
    return it !== undefined && !isFrom(source, it);
  }).map(({ key, source, written }) => ({
    package: key,
    from: source.kind === "index" ? `the index ${written}` : written,
  }));
}

/** Whether a package is locked from a folder; a path in a lock file may go by where the root really is. */
export function isFolder(
  locked: LockedSource,
  path: string,
  { root, lock }: LockFolders,
): boolean {
  if (locked.kind !== "path" || locked.isFile) return false;
  const [one, other] = [resolve(lock, locked.path), resolve(root, path)];
  const isSame = () => Deno.realPathSync(one) === Deno.realPathSync(other);
  return one === other || attempt(isSame) === true;
}

/** Whether two subdirectories of a repository are one; the repository itself is one of them. Pure. */
export function isSameSubdirectory(one = "", other = ""): boolean {
  const folder = (text: string) => normalize(text).replace(/[\\/]+$/, "");
  return folder(one) === folder(other);
}

/** A repository's address as package managers keep it: without what only signs in. Pure. */
export function repositoryAddress(text: string): string {
  const url = URL.parse(text.replace(/^git\+/, ""));
  if (url === null) return text;
  if (url.protocol !== "ssh:") url.username = "";
  url.password = "";
  return (attempt(() => decodeURI(url.href)) ?? url.href).replace(/\/+$/, "");
}
