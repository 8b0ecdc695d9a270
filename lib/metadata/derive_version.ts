/**
 * Versions that a build computes from git, where they are certain without a build.
 *
 * @module
 */

import { valid } from "@renovatebot/pep440";
import { normalizeName } from "../names.ts";
import { READING } from "../git_reading.ts";
import type { Shell } from "../shell.ts";

/**
 * The version that a release tag stands for: `v1.2.0`, `1.2.0`, `plug-a-1.2.0`, `plug-a/v1.2.0`.
 *
 * @returns undefined where the tag does not look like a release of the package.
 */
export function versionOfTag(tag: string, name: string): string | undefined {
  const [, prefix = "", version = ""] = /^(.*?[-/_]|)v?(\d.*)$/.exec(tag) ?? [];
  if (prefix !== "" && normalizeName(prefix.slice(0, -1)) !== normalizeName(name)) return undefined;
  return valid(version) === null ? undefined : version;
}

/**
 * The version of a checkout that stands on a release tag and is clean: what setuptools-scm and hatch-vcs compute there.
 *
 * @returns undefined where that is not certain.
 */
export async function describedVersion($: Shell, directory: string): Promise<string | undefined> {
  const { code, stdout } =
    await $`git ${READING} -C ${directory} describe --tags --exact-match --dirty=-dirty`
      .noThrow();
  const tag = stdout.trim();
  if (code !== 0 || tag.endsWith("-dirty")) return undefined;
  return versionOfTag(tag, "");
}
