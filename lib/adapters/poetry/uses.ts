/**
 * How pyproject.toml uses packages now, as Poetry reads it.
 *
 * @module
 */

import { readDirectUrl } from "../../git/direct_url.ts";
import { given } from "../../given.ts";
import { normalizeName, requirementName } from "../../names.ts";
import { factsOf, openApp, type ProjectFacts } from "../../project/read_project.ts";
import { readStrictly, type StrictDocument } from "../../project/strict_document.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import { tableOf } from "../../table.ts";
import type { AppFiles, PackageSource, Stranger, Use } from "../adapter.ts";
import type { LocalSource, LockedPackage, LockedSource, LockFolders } from "../reader.ts";
import { localPlace } from "../../project/local_place.ts";
import { isFolder, isSameSubdirectory, repositoryAddress, strangersAmong } from "../strangers.ts";
import { repositoryOf } from "./lock.ts";
import { isFrom, useOf } from "./source_table.ts";
import { dependencyTables, SOURCES } from "./tables.ts";

const PYPROJECT = "pyproject.toml";

/** A dependency as a file writes it. */
export interface WrittenDependency {
  /** Its name. */
  readonly name: string;
  /** What it says. */
  readonly value: unknown;
  /** The keys that lead to it. */
  readonly at: readonly (string | number)[];
}

/** The dependencies in Poetry's tables, HSM's own group last. */
export function dependenciesIn(document: StrictDocument): readonly WrittenDependency[] {
  const paths = [...dependencyTables((it) => document.value(it)), SOURCES];
  return paths.flatMap((path) =>
    Object.entries(document.table(...path)).map(([name, value]) => ({
      name,
      value,
      at: [...path, name],
    }))
  ).filter(({ name }) => name.toLowerCase() !== "python");
}

/** How the app uses packages: where Poetry's tables say so, or a requirement names a URL; HSM's word counts for most. */
export async function usesOf(files: AppFiles): Promise<ReadonlyMap<string, Use>> {
  const document = openApp(await files.pyproject(), PYPROJECT);
  const uses = new Map<string, Use>();
  for (const text of requirementsOf(factsOf(document))) {
    const use = useOfUrl(text);
    if (use !== undefined) uses.set(requirementName(text)!, use);
  }
  for (const { name, value } of dependenciesIn(document)) {
    const use = useOf(value);
    if (use !== undefined) uses.set(normalizeName(name), use);
  }
  return uses;
}

/** All requirements of `[project]` and of dependency groups. */
export function requirementsOf(
  { dependencies, optionalDependencies, dependencyGroups }: ProjectFacts,
): readonly string[] {
  return [
    ...dependencies,
    ...Object.values(optionalDependencies).flat(),
    ...Object.values(dependencyGroups).flat(),
  ];
}

/** Where a requirement's URL leads; undefined where it names none. */
export function useOfUrl(text: string): Use | undefined {
  const parsed = parseRequirement(text);
  if (!parsed.ok || parsed.value.url === undefined) return undefined;
  const { url } = parsed.value;
  const direct = readDirectUrl(url);
  if (direct !== undefined) {
    const { git, ref: rev, subdirectory } = direct;
    return { kind: "git", git, ...given({ rev, subdirectory }) };
  }
  const path = localPlace(url)?.path;
  return path === undefined
    ? { kind: "foreign", isSeveral: false }
    : { kind: "path", path, editable: false };
}

/** The packages that the record names, where it is Poetry's. */
export async function ownedBy(files: AppFiles): Promise<readonly string[]> {
  const document = openApp(await files.pyproject(), PYPROJECT);
  const isOwn = document.string("tool", "hsm", "adapter") === "poetry";
  return isOwn ? factsOf(document).ownPackages : [];
}

/** The names of those packages whose source is another, or missing. */
export async function changedSources(
  files: AppFiles,
  sources: readonly PackageSource[],
): Promise<readonly string[]> {
  const document = openApp(await files.pyproject(), PYPROJECT);
  const present = new Map(
    Object.entries(document.table(...SOURCES)).map(([name, it]) => [normalizeName(name), it]),
  );
  return sources
    .filter((it) => !isFrom(present.get(normalizeName(it.package)), it.source))
    .map((it) => it.package);
}

/** What a file takes from a folder, or from a file on this disk. */
export function localSources(text: string, file: string): readonly LocalSource[] {
  return dependenciesIn(readStrictly(text, file)).flatMap(({ name, value, at }) =>
    [value].flat().flatMap((it, index): readonly LocalSource[] => {
      const { path, file, url } = tableOf(it);
      const where = Array.isArray(value) ? [...at, index] : at;
      if (typeof path === "string") {
        return [{ name, path, place: `the path ${path}`, at: [...where, "path"] }];
      }
      if (typeof file === "string") {
        return [{ name, path: file, place: `the file ${file}`, at: [...where, "file"] }];
      }
      const local = typeof url === "string" ? localPlace(url) : undefined;
      return local === undefined ? [] : [{ name, ...local, at: [...where, "url"] }];
    })
  );
}

/**
 * Those of the packages that poetry.lock has from elsewhere than HSM's group says. A package that has no line there is the
 * user's own business. Touches nothing.
 */
export async function findStrangers(
  locked: readonly LockedPackage[],
  files: AppFiles,
  packages: readonly string[],
  folders: LockFolders,
): Promise<readonly Stranger[]> {
  const document = readStrictly(await files.pyproject(), PYPROJECT);
  const wanted = new Map(
    Object.entries(document.table(...SOURCES)).map((
      [name, it],
    ) => [normalizeName(name), useOf(it)]),
  );
  return strangersAmong(
    locked,
    packages,
    wanted,
    (source, use) => use === undefined || isLockedFrom(source, use, folders),
  );
}

function isLockedFrom(locked: LockedSource, use: Use, folders: LockFolders): boolean {
  // Others than these two HSM does not write.
  if (use.kind === "foreign") return true;
  if (use.kind === "path") return isFolder(locked, use.path ?? ".", folders);
  const asked = use.tag ?? use.rev ?? use.branch;
  const address = (text: string) => repositoryAddress(repositoryOf(text));
  return locked.kind === "git" && address(locked.url) === address(use.git) &&
    (asked === undefined || locked.rev === asked) &&
    isSameSubdirectory(locked.subdirectory, use.subdirectory);
}
