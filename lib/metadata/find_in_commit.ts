/**
 * Finding a package's distribution in its repository, without a checkout.
 *
 * @module
 */

import { findFolders, type RepositoryFiles } from "../checkout/find_folders.ts";
import { remoteAddress } from "../git/url.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { fetchCommit, type FetchedCommit } from "./fetched_commit.ts";

/** How many of the files that hold a name are looked into, those nearest to the top; most of them only need it. */
const MOST = 50;

/**
 * Looks for a package's distribution at a commit of its repository. Fetches the commit without its files' contents, and
 * its pyproject.toml files in one go; touches nothing.
 *
 * @param want A full ref, a full commit, or `HEAD`.
 * @returns `folders`: those of the distribution, as `findFolders` finds them; `isHidden`: whether git does not tell what is
 * in the folder that the manifest names, for it is a link, a submodule, or in one. undefined where nobody can say, for the
 * remote does not have the commit, or does not answer.
 */
export async function findInCommit(
  workspace: Workspace,
  { name, key, git, subdirectory }: ManifestPackage,
  want: string,
): Promise<{ readonly folders: readonly string[]; readonly isHidden: boolean } | undefined> {
  if (git === undefined) return undefined;
  const { root, tell } = workspace;
  const folder = subdirectory === undefined ? "" : `${subdirectory}/`;
  using _ = tell.begin({
    work: "find-package",
    packages: [name],
    message: `Looking for ${name} in its repository`,
  });
  const outcome = await fetchCommit(workspace, {
    url: remoteAddress(git, root),
    want,
  }, async (it) => ({
    folders: await findFolders(commitFiles(it), key),
    isHidden: await it.isHidden(FILES.map((file) => `${folder}${file}`)),
  }));
  return outcome.kind === "fetched" ? outcome : undefined;
}

/** The files of which uv needs one. */
const FILES = ["pyproject.toml", "setup.py"];

function commitFiles(commit: FetchedCommit): RepositoryFiles {
  const idOf = async (path: string) => (await commit.files([path])).get(path);
  return {
    async text(path) {
      const id = await idOf(path);
      return id === undefined ? undefined : await commit.text(id);
    },
    has: async (path) => await idOf(path) !== undefined,
    async pyprojects(name) {
      // A normalized name holds nothing that means something in a pattern, and stands for all ways to write it.
      const pattern = `["']${name.replaceAll("-", "[-_.]+")}["']`;
      const paths = await commit.matching("pyproject.toml", pattern);
      return paths.toSorted((a, b) => a.split("/").length - b.split("/").length).slice(0, MOST);
    },
  };
}
