/**
 * What a repository says of its submodules: `.gitmodules`, and the commits that are recorded.
 *
 * @module
 */

import { join } from "@std/path";
import type { Context } from "../process/context.ts";
import { READING } from "./reading.ts";

/** An entry of `.gitmodules`; what it does not say is empty. */
export interface GitmodulesEntry {
  /** What git calls it, wherever it lies. */
  readonly name: string;
  /** Its folder, relative to the repository's top, with `/`. */
  readonly path: string;
  /** Where it is cloned from, as written. */
  readonly url: string;
  /** The branch it follows. */
  readonly branch: string;
  /** How `git submodule update` goes about it. */
  readonly update: string;
}

/**
 * Reads `.gitmodules`, with git itself: a file of the repository, or the one of a commit.
 *
 * @returns undefined where git cannot read it.
 */
export async function readGitmodules(
  { $ }: Context,
  directory: string,
  place: { readonly file: string } | { readonly commit: string },
): Promise<readonly GitmodulesEntry[] | undefined> {
  const from = "file" in place
    ? `--file=${join(directory, place.file)}`
    : `--blob=${place.commit}:.gitmodules`;
  const { success, stdout } = await $`git ${READING} config ${from} --null --list`
    .cwd(directory).noThrow();
  return success ? parseGitmodules(stdout) : undefined;
}

/** The submodules in what `git config --null --list` says of a .gitmodules file, in its order. Pure. */
export function parseGitmodules(listed: string): readonly GitmodulesEntry[] {
  return [...submoduleKeys(listed)].map(([name, keys]) => ({
    name,
    path: (keys.get("path") ?? "").replace(/\/+$/, ""),
    url: keys.get("url") ?? "",
    branch: keys.get("branch") ?? "",
    update: keys.get("update") ?? "",
  }));
}

/** The keys `submodule.NAME.KEY` in what `git config --null` lists, by name; of those that come twice the last. Pure. */
export function submoduleKeys(listed: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const entry of listed.split("\0")) {
    // A key without a value has no line of its own for it, and stands for `true`.
    const [, name, key, value = "\ntrue"] =
      /^submodule\.([^\n]+)\.([^.\n]+)(\n[^]*)?$/.exec(entry) ?? [];
    if (name === undefined || key === undefined) continue;
    const keys = found.get(name) ?? new Map<string, string>();
    found.set(name, keys.set(key, value.slice(1)));
  }
  return found;
}

/** The commits that the index records for submodules, by path: what the next commit says of them. */
export async function recordedCommits(
  { $ }: Context,
  directory: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const specs = paths.filter((it) => it !== "").map(literal);
  if (specs.length === 0) return new Map();
  const { success, stdout } = await $`git ${READING} ls-files --stage -z -- ${specs}`
    .cwd(directory).noThrow();
  if (!success) return new Map();
  return new Map(
    stdout.split("\0").flatMap((line) => {
      const [, commit, path] = /^160000 ([0-9a-f]+) 0\t(.+)$/s.exec(line) ?? [];
      return commit === undefined || path === undefined ? [] : [[path, commit] as const];
    }),
  );
}

/** A path as a pathspec that means nothing else. */
export function literal(path: string): string {
  return `:(literal)${path}`;
}

/** A submodule's URL; one that begins with `./` or `../` is relative to the repository's own. Pure. */
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
