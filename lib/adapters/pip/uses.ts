/**
 * How the app's files use packages now.
 *
 * @module
 */

import { readDirectUrl } from "../../git/direct_url.ts";
import { given } from "../../given.ts";
import { normalizeName, requirementName } from "../../names.ts";
import { localPlace } from "../../project/local_place.ts";
import { readAppProject } from "../../project/read_project.ts";
import type { Source } from "../../source.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { AppFiles, PackageSource, Stranger, Use } from "../adapter.ts";
import type { LockedPackage, LockedSource, LockFolders } from "../reader.ts";
import { isFolder, isSameSubdirectory, repositoryAddress, strangersAmong } from "../strangers.ts";
import { packageOf } from "./line_package.ts";
import { allOf, isSameEntry, peekOwned } from "./owned_files.ts";
import { reachedFiles } from "./reach.ts";
import { readRequirementFile } from "./requirement_file.ts";

/** How the app uses packages: by requirements of its own that name a place, and by HSM's files, whose word counts for more. */
export async function usesOf(files: AppFiles): Promise<ReadonlyMap<string, Use>> {
  const uses = new Map<string, Use>();
  const text = await files.pyproject();
  for (const it of text === "" ? [] : readAppProject(text, "pyproject.toml").dependencies) {
    const parsed = parseRequirement(it);
    const url = parsed.ok ? parsed.value.url : undefined;
    if (url !== undefined) uses.set(requirementName(it)!, useOfPlace(url, false));
  }
  for (const { text, isRequired } of await reachedFiles(files)) {
    for (const line of isRequired ? readRequirementFile(text) : []) {
      const found = await packageOf(line, files);
      if (found?.from === undefined) continue;
      uses.set(found.key, useOfPlace(found.from, line.kind === "editable"));
    }
  }
  for (const [key, { source }] of allOf(await peekOwned(files))) {
    uses.set(key, source.kind === "git" ? source : { ...source, editable: true });
  }
  return uses;
}

/** Where a place leads that a line of the user's names. */
function useOfPlace(place: string, editable: boolean): Use {
  const direct = readDirectUrl(place);
  if (direct !== undefined) {
    const { git, ref: rev, subdirectory } = direct;
    return { kind: "git", git, ...given({ rev, subdirectory }) };
  }
  const path = localPlace(place.replace(/\[[^\]]*\]$/, ""))?.path;
  return path === undefined
    ? { kind: "foreign", isSeveral: false }
    : { kind: "path", path, editable };
}

/** The packages that HSM's files have. */
export async function ownedBy(files: AppFiles): Promise<readonly string[]> {
  return [...allOf(await peekOwned(files)).values()].map((it) => it.name);
}

/** The names of those packages whose source is another, or missing. */
export async function changedSources(
  files: AppFiles,
  sources: readonly PackageSource[],
): Promise<readonly string[]> {
  const present = allOf(await peekOwned(files));
  return sources.filter(({ package: name, source }) => {
    const entry = present.get(normalizeName(name));
    return entry === undefined || !isSameEntry(entry, { ...entry, source });
  }).map((it) => it.package);
}

/** Those of the packages that the lock file has from elsewhere than HSM's files say. Touches nothing. */
export async function findStrangers(
  locked: readonly LockedPackage[],
  files: AppFiles,
  packages: readonly string[],
  folders: LockFolders,
): Promise<readonly Stranger[]> {
  const wanted = allOf(await peekOwned(files));
  return strangersAmong(
    locked,
    packages,
    wanted,
    (source, entry) => isLockedFrom(source, entry.source, folders),
  );
}

function isLockedFrom(locked: LockedSource, wanted: Source, folders: LockFolders): boolean {
  if (wanted.kind === "path") return isFolder(locked, wanted.path, folders);
  const asked = wanted.tag ?? wanted.rev ?? wanted.branch;
  return locked.kind === "git" &&
    repositoryAddress(locked.url) === repositoryAddress(wanted.git) &&
    (locked.rev === asked || locked.commit === asked) &&
    isSameSubdirectory(locked.subdirectory, wanted.subdirectory);
}
