/**
 * A new library, made by uv.
 *
 * @module
 */

import type { NewLibraryOptions } from "../adapter.ts";

/**
 * The arguments that make it. Without `--no-workspace` uv would add the library to a workspace around it, and write in its pyproject.toml.
 */
export function initArguments(options: NewLibraryOptions): readonly string[] {
  const { directory, name, requiresPython } = options;
  return [
    "init",
    "--lib",
    "--no-workspace",
    "--vcs=none",
    "--no-pin-python",
    `--name=${name}`,
    ...(requiresPython === undefined ? [] : [`--python=${requiresPython}`]),
    "--",
    directory,
  ];
}
