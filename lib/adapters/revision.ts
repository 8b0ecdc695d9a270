/**
 * The names by which git knows a commit (gitrevisions), as far as a pin can be made of them.
 *
 * @module
 */

import type { ForeignPackage } from "./found_packages.ts";

/** What names a commit for git itself, which lets the `refs/` of a full name be left out. */
export function gitRevision(text: string): ForeignPackage["version"] {
  return revision(text.replace(/^(?=(?:tags|heads)\/.)/, "refs/"));
}

/** A commit, tag or branch where it can be nothing else, else whatever the remote says that it is. */
export function revision(text: string): ForeignPackage["version"] {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return { rev: text };
  const [, kind, name] = /^refs\/(tags|heads)\/(.+)$/.exec(text) ?? [];
  if (name === undefined) return { ref: text };
  return kind === "tags" ? { tag: name } : { branch: name };
}
