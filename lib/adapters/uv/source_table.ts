/**
 * A source as uv reads it.
 *
 * @module
 */

import { given } from "../../given.ts";
import type { Source } from "../../source.ts";

/** Where a package comes from, as uv tells it apart: a checkout may be a member of the app's own uv workspace. */
export type UvSource = Source | { readonly kind: "workspace"; readonly path: string };

/** A source as uv reads it. */
export function sourceTable(source: UvSource): Readonly<Record<string, string | boolean>> {
  if (source.kind === "workspace") return { workspace: true };
  if (source.kind === "path") return { path: source.path, editable: true };
  const { git, tag, rev, branch, subdirectory, lfs } = source;
  return { git, ...given({ tag, rev, branch, subdirectory, lfs: lfs || undefined }) };
}
