/**
 * The tables and arrays that HSM has made in a pyproject.toml: they go once nothing of HSM's is in them.
 *
 * @module
 */

import type { TomlEditor } from "../toml/edit.ts";
import { renderKeyPath } from "../toml/render.ts";

type Path = readonly string[];

/**
 * Takes out what HSM had made and does not need any more, the innermost first.
 *
 * @param made What it had made before, as dotted keys.
 * @param before Where something of HSM's was.
 * @param after Where something of it is now.
 * @returns What HSM has made and needs now.
 */
export function pruneMade(
  editor: TomlEditor,
  made: readonly string[],
  before: readonly Path[],
  after: readonly Path[],
): readonly string[] {
  const used = new Set(after.flatMap(withParents).map(renderKeyPath));
  const paths = new Map(before.flatMap(withParents).map((path) => [renderKeyPath(path), path]));
  const kept = [...made, ...editor.created].filter((it) => used.has(it));
  const gone = [...paths].filter(([name]) => made.includes(name) && !used.has(name));
  for (const [, path] of gone.sort((a, b) => b[1].length - a[1].length)) editor.prune(path);
  return kept;
}

function withParents(path: Path): readonly Path[] {
  return path.map((_, at) => path.slice(0, at + 1));
}
