/**
 * By what uv tells that an installed package is the one that uv.lock says.
 *
 * uv compares the version in the folder's name, and what its own files beside the metadata say, and no other content
 * (`satisfies.rs` of uv-installer). What came from a repository or an index can be told from uv.lock alone; of a folder uv
 * also notes when it was changed, which only an install of uv's own knows.
 *
 * @module
 */

import type { LockedPackage } from "../../reader.ts";

/** Files of uv's beside the metadata, by their names. */
export type IdentityFiles = Readonly<Record<string, string>>;

/** By what uv tells what is installed. */
export interface Identity {
  /** The version, as it stands in the folder's name. */
  readonly version: string;
  /** The files beside the metadata that it goes by; those of {@linkcode IDENTITY_FILES} that are not among them must not be there. */
  readonly files: IdentityFiles;
}

/** Where a package came from (PEP 610). */
export const DIRECT_URL = "direct_url.json";

/** The files that uv goes by. */
export const IDENTITY_FILES: readonly string[] = [DIRECT_URL, "uv_cache.json", "uv_build.json"];

/** What uv goes by for a package of uv.lock; undefined where only its own install tells. Pure. */
export function lockedIdentity(
  { version, source }: Pick<LockedPackage, "version" | "source">,
): Identity | undefined {
  if (version === undefined) return undefined;
  if (source.kind === "index") return { version, files: {} };
  if (source.kind !== "git" || source.commit === undefined) return undefined;
  const { url, tag, branch, rev, commit, subdirectory, lfs } = source;
  const asked = { requested_revision: tag ?? branch ?? rev, git_lfs: lfs };
  const direct = { url, vcs_info: { vcs: "git", commit_id: commit, ...asked }, subdirectory };
  return { version, files: { [DIRECT_URL]: JSON.stringify(direct) } };
}
