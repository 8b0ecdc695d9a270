/**
 * Where a distribution comes from, in a form in which places compare as uv compares them.
 *
 * @module
 */

import { isAbsolute, join, normalize } from "@std/path";
import { sameRepository } from "../git/url.ts";
import type { Source } from "../source.ts";
import type { Table } from "../table.ts";
import type { SourceEntry } from "./model.ts";

/** A place. `isMember`: the folder is that of a uv workspace, and the distribution lies somewhere in it. */
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
  readonly isMember: boolean;
}

/** What two places are to uv; `open`: it depends on what stands in a repository. */
export type Comparison = "same" | "different" | "open";

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
  return gitPlace(source.git, { ...source }, folderOf(source.subdirectory), commit);
}

/**
 * The place that a table of `[tool.uv.sources]` names.
 *
 * @param table The table.
 * @param origin Where the distribution comes from that says so.
 * @param entry The entry that it stands in.
 * @returns undefined where it names none that can be told.
 */
export function placeOfTable(
  table: Table,
  { source: owner, commit }: Origin,
  entry: Pick<SourceEntry, "folder" | "workspace">,
): Place | undefined {
  const { git, path, url, index, workspace, editable } = table;
  if (typeof index === "string") return { kind: "index", url: index };
  if (typeof url === "string") return { kind: "url", url };
  if (typeof git === "string") return gitPlace(git, table, folderOf(table["subdirectory"]));
  const isMember = workspace === true;
  if (owner === undefined || (typeof path !== "string" && !isMember)) return undefined;
  const base = owner.kind === "git" ? owner.subdirectory ?? "." : owner.path;
  const isFixed = typeof path === "string" && isAbsolute(path);
  const way = isMember ? [entry.workspace] : [entry.folder, String(path)];
  const target = folderOf(isFixed ? path : join(base, ...way), isMember);
  if (owner.kind === "git" && !isFixed) return gitPlace(owner.git, { ...owner }, target, commit);
  const isEditable = editable === true || (isMember && editable !== false);
  return { kind: "path", ...target, isEditable };
}

/** The place that a requirement's URL names (PEP 508). */
export function placeOfUrl(url: string): Place {
  const [, address, ref, fragment] = /^git\+([^#]*?)(?:@([^@/#]+))?(?:#(.*))?$/.exec(url) ?? [];
  if (address === undefined) return { kind: "url", url };
  const subdirectory = new URLSearchParams(fragment).get("subdirectory") ?? undefined;
  return gitPlace(address, { tag: ref }, folderOf(subdirectory));
}

/** Whether uv takes two places for one. */
export function comparePlaces(one: Place, other: Place): Comparison {
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
    // uv compares addresses more strictly than that.
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
  const { folder, isMember } = place;
  if (place.kind === "path") {
    if (isMember) return `the uv workspace in ${folder}`;
    return place.isEditable ? `${folder} (editable)` : folder;
  }
  const pinned = place.ref === "" ? place.url : `${place.url} @ ${place.ref}`;
  if (isMember) return `the uv workspace of ${pinned}`;
  return folder === "." ? pinned : `${pinned}, in ${folder}`;
}

function gitPlace(
  url: string,
  { tag, rev, branch }: Table,
  folder: Folder,
  commit = typeof rev === "string" && /^[0-9a-f]{40,}$/.test(rev) ? rev : undefined,
): Place {
  const ref = [tag, rev, branch].find((it) => typeof it === "string") ?? "";
  return { kind: "git", url, ref: String(ref), commit, ...folder };
}

function folderOf(path: unknown, isMember = false): Folder {
  const text = typeof path === "string" ? path : ".";
  return { folder: normalize(text).replaceAll("\\", "/").replace(/(.)\/+$/, "$1"), isMember };
}

function isSameFolder(one: Folder, other: Folder): boolean {
  const isIn = (inner: string, outer: string) =>
    outer === "." || inner === outer || inner.startsWith(`${outer}/`);
  if (one.isMember && other.isMember) return one.folder === other.folder;
  if (one.isMember) return isIn(other.folder, one.folder);
  return other.isMember ? isIn(one.folder, other.folder) : one.folder === other.folder;
}

function sameUrl(one: { readonly url: string }, other: { readonly url: string }): boolean {
  const tidy = ({ url }: { readonly url: string }) => url.replace(/\/+$/, "").replace(/\.git$/, "");
  return tidy(one) === tidy(other);
}
