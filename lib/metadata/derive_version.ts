/**
 * Versions that a build computes from git, where they are certain without a build.
 *
 * @module
 */

import { formatVersion } from "../versions/versions.ts";
import { parseReleaseTag, type Tagged } from "../packages/release_tags.ts";
import type { Context } from "../process/context.ts";
import { READING } from "../git/reading.ts";
import { peekDocument } from "../project/document.ts";

/** What computes a version from the tags of git when it is among the requirements of a build. */
const FROM_GIT =
  /^(?:setuptools[-_.]?scm|setuptools[-_.]git[-_.]versioning|hatch[-_.]vcs|versioningit|flit[-_.]scm|uv[-_.]dynamic[-_.]versioning|poetry[-_.]dynamic[-_.]versioning|dunamai)\b/i;

/**
 * Whether a build computes its version from git's tags, so far as its pyproject.toml tells for certain. Others read it from
 * a module, for example, and then a tag says nothing.
 */
export function isVersionFromGit(pyproject: string | undefined): boolean {
  // What is wrong with it is told by whoever reads its metadata.
  const document = peekDocument(pyproject ?? "");
  return document?.string("tool", "pdm", "version", "source") === "scm" ||
    document?.strings("build-system", "requires").some((it) => FROM_GIT.test(it)) === true;
}

/**
 * The version that a release tag stands for, such as 1.2.0 for `v1.2.0` or `plug-a-1.2.0`.
 *
 * @returns undefined where the tag is not for certain a release of the package.
 */
export function versionOfTag(tag: string, it: Tagged): string | undefined {
  const release = parseReleaseTag(tag, it);
  return release === undefined ? undefined : formatVersion(release.version);
}

/**
 * The version of a checkout that stands on a release tag and is clean: what setuptools-scm and hatch-vcs compute there.
 *
 * @returns undefined where that is not certain.
 */
export async function describedVersion(
  context: Context,
  directory: string,
  it: Tagged,
): Promise<string | undefined> {
  const $ = context.$.with({ cwd: directory });
  const { success, stdout } = await $`git ${READING} describe --tags --exact-match --dirty=-dirty`
    .noThrow();
  const tag = stdout.trim();
  if (!success || tag.endsWith("-dirty")) return undefined;
  const version = versionOfTag(tag, it);
  if (version !== undefined || it.subdirectory === undefined) return version;
  // Of several tags git names one; in a repository of several packages it may be another one's.
  const all = await $`git ${READING} tag --points-at HEAD`.noThrow().lines();
  const own = all.flatMap((other) => versionOfTag(other, it) ?? []);
  return own.length === 1 ? own[0] : undefined;
}
