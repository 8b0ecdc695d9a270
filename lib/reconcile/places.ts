/**
 * Where a distribution comes from, in a form in which places compare.
 *
 * @module
 */

import { isAbsolute, join, normalize } from "@std/path";
import { given } from "../given.ts";
import { readDirectUrl } from "../git/direct_url.ts";
import { sameRepository } from "../git/url.ts";
import type { GitSource, Source } from "../source.ts";
import type { StatedSource } from "./model.ts";

/** A place. `within`: the distribution lies somewhere in the folder, which is called so. */
export type Place =
  | (Folder & {
    readonly kind: "git";
    readonly url: string;
    readonly ref: string;
    readonly commit: string | undefined;
  })
  | (Folder & { readonly kind: "path"; readonly isEditable: boolean })
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "index"; readonly url: string };

interface Folder {
  readonly folder: string;
  readonly within: string | undefined;
}

/** Where a distribution comes from, and the commit of its pin where that is known. */
export interface Origin {
  /** Where it comes from. */
  readonly source?: Source;
  /** The commit. */
  readonly commit?: string;
}

/** The place of a distribution; undefined where it is not known. */
export function placeOf({ source, commit }: Origin): Place | undefined {
  if (source === undefined) return undefined;
  if (source.kind !== "git") return { kind: "path", ...folderOf(source.path), isEditable: true };
  return gitPlace(source, folderOf(source.subdirectory), commit);
}

/**
 * The place that a component names.
 *
 * @param stated How it names it.
 * @param origin Where the component itself comes from.
 * @returns undefined where that cannot be told.
 */
export function placeOfStated(
  stated: StatedSource,
  { source: owner, commit }: Origin,
): Place | undefined {
  if (stated.kind === "git") return gitPlace(stated, folderOf(stated.subdirectory));
  if (stated.kind !== "path") return stated;
  if (owner === undefined) return undefined;
  const { path, within, isEditable } = stated;
  const base = owner.kind === "git" ? owner.subdirectory ?? "." : owner.path;
  const isFixed = isAbsolute(path);
  const target = folderOf(isFixed ? path : join(base, path), within);
  if (owner.kind === "git" && !isFixed) return gitPlace(owner, target, commit);
  return { kind: "path", ...target, isEditable };
}

/** The place that a requirement's URL names (PEP 508). */
export function placeOfUrl(url: string): Place {
  const direct = readDirectUrl(url);
  if (direct === undefined) return { kind: "url", url };
  const { git, ref: tag, subdirectory } = direct;
  return gitPlace({ git, ...given({ tag }) }, folderOf(subdirectory));
}

/** Whether two places are one, as far as a package manager may take them for one; `open`: it depends on what stands in a repository. */
export function comparePlaces(one: Place, other: Place): "same" | "different" | "open" {
  // A path of a checkout's own: where it leads is not seen from outside.
  if (isRelative(one) || isRelative(other)) return "same";
  if (
    (one.kind === "index" && other.kind === "index") || (one.kind === "url" && other.kind === "url")
  ) {
    return sameUrl(one, other) ? "same" : "different";
  }
  // A place of another kind is taken before any index, and a URL of a file may be that of a folder.
  if (one.kind === "index" || other.kind === "index") return "same";
  if (one.kind === "url") return isMaybeFolder(one.url, other) ? "open" : "different";
  if (other.kind === "url") return isMaybeFolder(other.url, one) ? "open" : "different";
  if (one.kind === "git" && other.kind === "git") {
    if (!sameRepository(one.url, other.url, "/") || !isSameFolder(one, other)) return "different";
    // A package manager may compare addresses more strictly than that.
    if (!sameUrl(one, other)) return "open";
    if (one.commit !== undefined && other.commit !== undefined) {
      return one.commit === other.commit ? "same" : "different";
    }
    // Two names may stand for one commit.
    return one.ref === other.ref ? "same" : "open";
  }
  if (one.kind !== "path" || other.kind !== "path") return "different";
  // One is seen from the app's root, and nobody knows here where that is.
  if (isAbsolute(one.folder) !== isAbsolute(other.folder)) return "open";
  return isSameFolder(one, other) && one.isEditable === other.isEditable ? "same" : "different";
}

function isRelative(place: Place): boolean {
  return place.kind === "url" && /^file:(?!\/)/.test(place.url);
}

function isMaybeFolder(url: string, { kind }: Place): boolean {
  return kind === "path" && url.startsWith("file:");
}

/** A place in words. */
export function describePlace(place: Place): string {
  if (place.kind === "index") return `the index ${place.url}`;
  if (place.kind === "url") return place.url;
  const { folder, within } = place;
  if (place.kind === "path") {
    if (within !== undefined) return `the ${within} in ${folder}`;
    return place.isEditable ? `${folder} (editable)` : folder;
  }
  const pinned = place.ref === "" ? place.url : `${place.url} @ ${place.ref}`;
  if (within !== undefined) return `the ${within} of ${pinned}`;
  return folder === "." ? pinned : `${pinned}, in ${folder}`;
}

function gitPlace(
  { git: url, tag, rev, branch }: Omit<GitSource, "kind">,
  folder: Folder,
  commit = rev !== undefined && /^[0-9a-f]{40,}$/.test(rev) ? rev : undefined,
): Place {
  return { kind: "git", url, ref: tag ?? rev ?? branch ?? "", commit, ...folder };
}

function folderOf(path = ".", within?: string): Folder {
  return { folder: normalize(path).replaceAll("\\", "/").replace(/(.)\/+$/, "$1"), within };
}

function isSameFolder(one: Folder, other: Folder): boolean {
  const isIn = (inner: string, outer: string) =>
    outer === "." || inner === outer || inner.startsWith(`${outer}/`);
  const isWide = (it: Folder) => it.within !== undefined;
  if (isWide(one) === isWide(other)) return one.folder === other.folder;
  return isWide(one) ? isIn(other.folder, one.folder) : isIn(one.folder, other.folder);
}

function sameUrl(one: { readonly url: string }, other: { readonly url: string }): boolean {
  const tidy = ({ url }: { readonly url: string }) => url.replace(/\/+$/, "").replace(/\.git$/, "");
  return tidy(one) === tidy(other);
}
