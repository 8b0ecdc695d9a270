/**
 * Telling by files and tables that an app is used with a package manager.
 *
 * @module
 */

import { peekDocument } from "../project/document.ts";
import type { AppFiles } from "./adapter.ts";
import type { Usage } from "./usage.ts";

/** What a package manager's apps have. */
export interface Signs {
  /** The names of its lock files. */
  readonly lockFiles: readonly string[];
  /** The names of files with its settings. */
  readonly settings: readonly string[];
  /** The keys that lead to a table of its settings in pyproject.toml. */
  readonly table: readonly string[];
  /** Its build backend, with which apps of others may be built as well. */
  readonly backend: string;
}

/**
 * The usage that follows from what there is in an app's folder; undefined: none.
 *
 * @param names What lies at its top.
 */
export async function usageBy(
  { lockFiles, settings, table, backend }: Signs,
  files: Pick<AppFiles, "pyproject">,
  names: ReadonlySet<string>,
): Promise<Usage | undefined> {
  const pyproject = peekDocument(await files.pyproject());
  const locks = lockFiles.filter((it) => names.has(it));
  const isSetUp = pyproject?.value(table) !== undefined;
  const signs = [
    ...locks,
    ...settings.filter((it) => names.has(it)),
    ...isSetUp ? [`[${table.join(".")}]`] : [],
  ];
  if (signs.length > 0) return { signs, sureness: locks.length > 0 ? "locked" : "set-up" };
  if (pyproject?.value(["build-system", "build-backend"]) !== backend) return undefined;
  return { signs: [`build-backend = "${backend}"`], sureness: "possible" };
}
