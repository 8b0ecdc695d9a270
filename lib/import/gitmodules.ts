/**
 * git submodules: `.gitmodules`, and the commits that the app's repository records for them.
 *
 * @module
 */

import { join } from "@std/path";
import { askGit, type GitContext } from "../git/ask.ts";
import type { ForeignFile, ForeignPackage, Skipped } from "./model.ts";

/**
 * Reads the submodules of a repository, with git itself. Each is pinned to its recorded commit, and its folder stays
 * the place of its checkout.
 *
 * @param root The repository's top, absolute.
 * @param file `.gitmodules`, relative to the root.
 * @returns undefined where git cannot read the file.
 */
export async function readGitmodules(
  context: GitContext,
  root: string,
  file: string,
): Promise<ForeignFile | undefined> {
  const args = ["config", `--file=${join(root, file)}`, "--null", "--list"];
  const listed = await askGit(context, args, { cwd: root });
  if (!listed.success) return undefined;
  const submodules = parseSubmodules(listed.stdout);
  const commits = await recordedCommits(context, root, submodules.map((it) => it.path));
  const base = await superprojectUrl(context, root);
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

interface Submodule {
  readonly name: string;
  readonly path: string;
  readonly url: string;
  readonly branch: string;
}

/** The submodules in what `git config --null --list` says of a .gitmodules file, in its order. Pure. */
export function parseSubmodules(listed: string): readonly Submodule[] {
  const found = new Map<string, Map<string, string>>();
  for (const entry of listed.split("\0")) {
    const [, name, key] = /^submodule\.([^\n]+)\.([^.\n]+)\n/.exec(entry) ?? [];
    if (name === undefined || key === undefined) continue;
    const keys = found.get(name) ?? new Map<string, string>();
    found.set(name, keys.set(key, entry.slice(entry.indexOf("\n") + 1)));
  }
  return [...found].map(([name, keys]) => ({
    name,
    path: (keys.get("path") ?? "").replace(/\/+$/, ""),
    url: keys.get("url") ?? "",
    branch: keys.get("branch") ?? "",
  }));
}

/** The commits that the index records: what the next commit of the app will say. */
async function recordedCommits(
  context: GitContext,
  root: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const specs = paths.filter((it) => it !== "").map((it) => `:(literal)${it}`);
  if (specs.length === 0) return new Map();
  const args = ["ls-files", "--stage", "-z", "--", ...specs];
  const { success, stdout } = await askGit(context, args, { cwd: root });
  if (!success) return new Map();
  return new Map(
    stdout.split("\0").flatMap((line) => {
      const [, commit, path] = /^160000 ([0-9a-f]+) \d\t(.+)$/s.exec(line) ?? [];
      return commit === undefined || path === undefined ? [] : [[path, commit] as const];
    }),
  );
}

/** What a submodule's relative URL is relative to: the app's own remote, else its folder (git-submodule). */
async function superprojectUrl(context: GitContext, root: string): Promise<string> {
  const args = ["remote", "get-url", "origin"];
  const { success, stdout } = await askGit(context, args, { cwd: root });
  return success ? stdout.trim() : root;
}

/** A submodule's URL; one that begins with `./` or `../` is relative to the app's own repository. Pure. */
export function resolveSubmoduleUrl(url: string, base: string): string {
  if (!/^\.\.?(?:\/|$)/.test(url)) return url;
  let left = base.replace(/\/+$/, "");
  const segments = url.split("/").filter((it) => it !== "" && it !== ".");
  let separator = "/";
  while (segments[0] === "..") {
    segments.shift();
    // The short form of ssh has a `:` before its first segment.
    const cut = Math.max(left.lastIndexOf("/"), /^[^/]*:/.test(left) ? left.lastIndexOf(":") : -1);
    if (cut <= 0 || left.endsWith(":/")) break;
    separator = left[cut] ?? "/";
    left = left.slice(0, cut);
  }
  return [left, segments.join("/")].filter((it) => it !== "").join(separator);
}
