/**
 * git submodules as packages: `.gitmodules`, and the commits that the app's repository records for them.
 *
 * @module
 */

import type { Context } from "../../lib/process/context.ts";
import { readGitmodules, recordedCommits, resolveSubmoduleUrl } from "../../lib/git/gitmodules.ts";
import type { ForeignFile, ForeignPackage, Skipped } from "../../lib/adapters/found_packages.ts";

/**
 * Reads the submodules of a repository, with git itself. Each is pinned to its recorded commit, and its folder stays
 * the place of its checkout.
 *
 * @param file `.gitmodules`, relative to the root.
 * @returns undefined where git cannot read the file.
 */
export async function readSubmodulePackages(
  context: Context,
  file: string,
): Promise<ForeignFile | undefined> {
  const { root } = context;
  const submodules = await readGitmodules(context, root, { file });
  if (submodules === undefined) return undefined;
  const commits = await recordedCommits(context, root, submodules.map((it) => it.path));
  // What a submodule's relative URL is relative to: the app's own remote, else its folder (git-submodule).
  const base = await context.$`git remote get-url origin`.noThrow().text() || root;
  const packages: ForeignPackage[] = [];
  const skipped: Skipped[] = [];
  for (const { name, path, url, branch } of submodules) {
    const rev = commits.get(path);
    if (path === "" || url === "") {
      skipped.push({ name, reason: `${file} gives it no ${path === "" ? "path" : "url"}` });
    } else if (rev === undefined) {
      skipped.push({ name, reason: `git records no commit at ${path}` });
    } else {
      const git = resolveSubmoduleUrl(url, base);
      // `.` is the app's own branch, which says nothing about the submodule's repository by itself.
      const checkout = branch === "" || branch === "." ? undefined : branch;
      const basename = path.slice(path.lastIndexOf("/") + 1);
      packages.push({ name: basename, git, version: { rev }, mode: "prod", path, checkout });
    }
  }
  return { file, packages, skipped };
}
