/**
 * Where the root of a uv workspace may be: in a folder above a distribution's, in its repository.
 *
 * @module
 */

/** The folders above one, the nearest first; the repository's top is `""`. */
export function foldersAbove(folder: string | undefined): readonly string[] {
  const parts = folder?.split("/") ?? [];
  return parts.map((_, at) => parts.slice(0, parts.length - 1 - at).join("/"));
}

/** The pyproject.toml of such a folder. */
export function pyprojectIn(folder: string): string {
  return folder === "" ? "pyproject.toml" : `${folder}/pyproject.toml`;
}
