/**
 * A source as uv reads it.
 *
 * @module
 */

import { given } from "../../given.ts";
import type { Source } from "../../source.ts";

/** A checkout that is a member of the app's own uv workspace. */
export interface WorkspaceSource {
  /** What tells it from the other sources. */
  readonly kind: "workspace";
  /** The folder of the distribution, relative to the root, with `/`. */
  readonly path: string;
}

/** Where a package comes from, as uv tells it apart. */
export type UvSource = Source | WorkspaceSource;

/** A source as uv reads it. */
export function sourceTable(source: UvSource): Readonly<Record<string, string | boolean>> {
  if (source.kind === "workspace") return { workspace: true };
  if (source.kind === "path") return { path: source.path, editable: true };
  const { git, tag, rev, branch, subdirectory, lfs } = source;
  return { git, ...given({ tag, rev, branch, subdirectory, lfs: lfs || undefined }) };
}
