/**
 * The manifest, from what hsm.yaml and hsm.local.yaml say.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { ADAPTER_NAMES } from "./adapter_names.ts";
import type { Manifest, ManifestPackage, Pin } from "./model.ts";
import { normalizeFolder } from "./rules.ts";
import type { RawEntry, RawManifest, RawPackage } from "./schema.ts";

/** What a manifest file in which nothing is wrong says, as plain data. */
export interface CheckedFile {
  /** All its keys. */
  readonly data: RawManifest;
  /** The names of its packages, in its order: an object would put names such as `2024` first. */
  readonly names: readonly string[];
}

/** Lays hsm.local.yaml over hsm.yaml key by key, and fills in every default. */
export function mergeManifest(
  file: CheckedFile,
  { data: local }: Pick<CheckedFile, "data">,
): Manifest {
  const shared = file.data;
  const top = { ...shared, ...local };
  const own = new Map<string, RawEntry>();
  for (const [name, entry] of Object.entries(local.packages ?? {})) {
    own.set(normalizeName(name), entry);
  }
  const mode = top.mode ?? "prod";
  const packagesDir = normalizeFolder(top.packages_dir ?? "packages");
  const packages = file.names.map((name): ManifestPackage => {
    const key = normalizeName(name);
    const theirs = expandEntry(shared.packages?.[name] ?? null);
    const mine = expandEntry(own.get(key) ?? null);
    const merged = { ...theirs, ...mine };
    const subdirectory = normalizeFolder(merged.subdirectory ?? ".");
    return {
      name,
      key,
      git: (merged.git ?? top.git)?.replaceAll("{name}", name),
      pin: pinOf(mine) ?? pinOf(theirs),
      tagPrefix: merged.tag_prefix,
      subdirectory: subdirectory === "." ? undefined : subdirectory,
      extras: merged.extras ?? [],
      group: merged.group,
      require: merged.require ?? true,
      mode: merged.mode ?? mode,
      inject: merged.inject ?? top.inject ?? "pyproject",
      path: normalizeFolder(merged.path ?? `${packagesDir}/${name}`),
      checkout: merged.checkout,
      submodules: merged.submodules ?? true,
      lfs: merged.lfs ?? false,
    };
  });
  return {
    adapter: top.adapter ?? ADAPTER_NAMES[0],
    environment: top.environment,
    mode,
    packagesDir,
    filter: top.filter,
    verify: top.verify ?? [],
    packages,
  };
}

function expandEntry(entry: RawEntry): RawPackage {
  if (entry === null) return {};
  return typeof entry === "string" ? shortPin(entry) : entry;
}

/** What the short form stands for: 40 hexadecimal digits are a commit, everything else is a tag. */
export function shortPin(text: string): Pin {
  return /^[0-9a-f]{40}$/i.test(text) ? { rev: text } : { tag: text };
}

function pinOf(entry: RawPackage): Pin | undefined {
  if (entry.tag !== undefined) return { tag: entry.tag };
  if (entry.rev !== undefined) return { rev: entry.rev };
  return entry.branch === undefined ? undefined : { branch: entry.branch };
}
