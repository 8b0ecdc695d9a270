/**
 * The files of an app as a commit has them, whatever lies in its folder.
 *
 * @module
 */

import type { AppFiles } from "../adapters/adapter.ts";

/** Such files as an adapter sees them. */
export function committedFiles(read: AppFiles["read"], environment: string | undefined): AppFiles {
  return {
    environment,
    read,
    pyproject: async () => await read("pyproject.toml") ?? "",
    has: () => false,
  };
}
