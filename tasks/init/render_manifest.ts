/**
 * A first hsm.yaml.
 *
 * @module
 */

import { dirname } from "@std/path";
import { HsmError } from "../../lib/errors.ts";
import { editManifest } from "../../lib/manifest/edit.ts";
import type { Mode, Pin } from "../../lib/manifest/model.ts";
import { type NewEntry, newEntry } from "../../lib/manifest/new_entry.ts";
import { gitProblem, normalizeFolder, packagesDirProblem } from "../../lib/manifest/rules.ts";
import { renderText } from "../../lib/manifest/render.ts";
import { SCHEMA_LINE } from "../../lib/manifest/schema_line.ts";
import { normalizeName } from "../../lib/names.ts";
import type { ForeignPackage, Skipped } from "../../lib/adapters/found_packages.ts";

/** A package of the new manifest. */
export interface NewPackage
  extends Omit<ForeignPackage, "version" | "mode" | "defaultBranch" | "doubt"> {
  readonly pin: Pin | undefined;
  readonly mode: Mode;
}

/**
 * Writes a manifest that names packages, as short as it can. Pure.
 *
 * @param options What stands at the top: `adapter`, the package manager (default: the one that goes without saying),
 * `environment`, what it installs into (default: its own choice), `git`, where packages live, with `{name}` (default: what most
 * of them have in common), and `packagesDir`, the folder of the checkouts (default: where most of them are); `occupied`: folders
 * that hold something else too, so that git must not ignore them.
 * @returns The text of hsm.yaml, the packages that it names, and those that a manifest cannot hold.
 */
export function renderManifest(
  packages: readonly NewPackage[],
  options: {
    readonly adapter?: string | undefined;
    readonly environment?: string | undefined;
    readonly git?: string | undefined;
    readonly packagesDir?: string | undefined;
    readonly occupied?: ReadonlySet<string>;
  } = {},
): {
  readonly text: string;
  readonly packages: readonly NewPackage[];
  readonly skipped: readonly Skipped[];
} {
  const git = options.git ?? mostFrequent(packages.map(templateOf));
  const parents = packages.map(parentOf).filter((it) => !options.occupied?.has(it ?? ""));
  const folder = options.packagesDir ?? mostFrequent(parents) ?? "packages";
  const packagesDir = normalizeFolder(folder);
  let text = [
    SCHEMA_LINE,
    ...(options.adapter === undefined ? [] : [`adapter: ${renderText(options.adapter)}`]),
    ...(options.environment === undefined
      ? []
      : [`environment: ${renderText(options.environment)}`]),
    ...(git === undefined ? [] : [`git: ${renderText(git)}`]),
    ...(packagesDir === "packages" ? [] : [`packages_dir: ${renderText(packagesDir)}`]),
    "packages:",
  ].map((line) => `${line}\n`).join("");
  const written: NewPackage[] = [];
  const skipped: Skipped[] = [];
  for (const it of packages) {
    const value = newEntry(entryOf(it, git, packagesDir));
    try {
      const edit = { kind: "add-package", package: it.name, value } as const;
      text = editManifest({ path: "hsm.yaml", text }, [edit]);
      written.push(it);
    } catch (error) {
      if (!(error instanceof HsmError)) throw error;
      const reason = error.message.replace(/^Cannot edit hsm\.yaml: /, "");
      skipped.push({ name: it.name, reason });
    }
  }
  return { text, packages: written, skipped };
}

/** A package's entry, without what the manifest says for all. */
function entryOf(it: NewPackage, git: string | undefined, packagesDir: string): NewEntry {
  const isNormal = git?.replaceAll("{name}", it.name) === it.git;
  const isInPlace = it.path !== undefined &&
    normalizeFolder(it.path) === `${packagesDir}/${it.name}`;
  return {
    ...it,
    git: isNormal ? undefined : it.git,
    mode: it.mode === "prod" ? undefined : it.mode,
    path: isInPlace ? undefined : it.path,
  };
}

/** The folders that checkouts lie in, relative to the root. */
export function checkoutFolders(packages: readonly NewPackage[]): ReadonlySet<string> {
  return new Set(packages.flatMap((it) => parentOf(it) ?? []));
}

/** A repository's URL with `{name}` for the package's name; undefined where it does not end with that. */
function templateOf({ name, git }: NewPackage): string | undefined {
  const end = /[^/:]+$/.exec(git.replace(/\/+$/, ""));
  if (end === null || git.includes("{")) return undefined;
  if (end[0] !== name && end[0] !== `${name}.git`) return undefined;
  const template = git.slice(0, end.index) + "{name}" + git.slice(end.index + name.length);
  return gitProblem(template) === undefined ? template : undefined;
}

/** The folder of a checkout that is named after its package. */
function parentOf({ name, path }: NewPackage): string | undefined {
  if (path === undefined || !path.includes("/")) return undefined;
  const folder = dirname(normalizeFolder(path));
  const isNamed = normalizeName(path.slice(path.lastIndexOf("/") + 1)) === normalizeName(name);
  return isNamed && packagesDirProblem(folder) === undefined ? folder : undefined;
}

/** The value that comes most often, the first of equally frequent ones. */
function mostFrequent(values: readonly (string | undefined)[]): string | undefined {
  const groups = Map.groupBy(values.filter((it) => it !== undefined), (it) => it);
  return [...groups.values()].sort((one, other) => other.length - one.length)[0]?.[0];
}
