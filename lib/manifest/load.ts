/**
 * Reading the manifest: `hsm.yaml` with `hsm.local.yaml` laid over it.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { suggest } from "../text/suggest.ts";
import type { Manifest, ManifestPackage, Pin } from "./model.ts";
import { type Finding, manifestError, type ManifestFile } from "./problem.ts";
import { normalizeFolder } from "./rules.ts";
import type { RawEntry, RawManifest, RawPackage } from "./schema.ts";
import { quoteForMessage } from "./show.ts";
import { type ValidatedFile, validateFile } from "./validate.ts";

export type { ManifestFile, ManifestProblem } from "./problem.ts";

/** The files that a manifest is made of. */
export interface ManifestFiles {
  /** hsm.yaml. */
  readonly shared: ManifestFile;
  /** hsm.local.yaml, where there is one: it wins key by key. */
  readonly local?: ManifestFile;
}

/**
 * Reads the manifest, and fills in every default.
 *
 * Touches nothing on disk. `hsm.local.yaml` wins key by key; a pin there replaces the shared one, whatever its kind.
 *
 * @param files The texts of hsm.yaml and hsm.local.yaml.
 * @returns The manifest.
 * @throws {HsmError} `manifest-invalid`, one error that tells all problems of both files: `causes` for people, each with its line,
 * `details.problems` for scripts.
 */
export function parseManifest(files: ManifestFiles): Manifest {
  const shared = validateFile(files.shared);
  const local = files.local === undefined ? undefined : validateFile(files.local);
  const checked = [shared];
  if (local !== undefined) {
    checked.push({ ...local, findings: [...local.findings, ...unknownPackages(shared, local)] });
  }
  if (checked.some(({ findings }) => findings.length > 0)) throw manifestError("read", checked);
  return merge(shared, local?.data ?? {});
}

/** The packages of hsm.local.yaml that hsm.yaml does not know. */
function unknownPackages(shared: ValidatedFile, local: ValidatedFile): Finding[] {
  if (shared.yaml.problems.length > 0) return [];
  const names = shared.packages.map(({ key }) => key);
  const known = new Set(names.map(normalizeName));
  return local.packages.flatMap(({ key, keySpan }): Finding[] => {
    if (known.has(normalizeName(key))) return [];
    const suggestion = suggest(key, names);
    const file = shared.file.path;
    const message = suggestion === undefined
      ? `unknown package ${quoteForMessage(key)}, ${quoteForMessage(file)} does not name it`
      : `unknown package ${quoteForMessage(key)}, did you mean ${quoteForMessage(suggestion)}?`;
    const path = ["packages", key];
    return [{ span: keySpan, path, message, ...(suggestion === undefined ? {} : { suggestion }) }];
  });
}

function merge(file: ValidatedFile, local: RawManifest): Manifest {
  const shared = file.data ?? {};
  const top = { ...shared, ...local };
  const own = new Map<string, RawEntry>();
  for (const [name, entry] of Object.entries(local.packages ?? {})) {
    own.set(normalizeName(name), entry);
  }
  const mode = top.mode ?? "prod";
  const packagesDir = normalizeFolder(top.packages_dir ?? "packages");
  // In the file's order: an object would put names such as `2024` first.
  const packages = file.packages.map(({ key: name }): ManifestPackage => {
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
      subdirectory: subdirectory === "." ? undefined : subdirectory,
      extras: merged.extras ?? [],
      group: merged.group,
      require: merged.require ?? true,
      mode: merged.mode ?? mode,
      path: normalizeFolder(merged.path ?? `${packagesDir}/${name}`),
      checkout: merged.checkout,
    };
  });
  return {
    adapter: top.adapter ?? "uv",
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
export function shortPin(text: string): { readonly tag: string } | { readonly rev: string } {
  return /^[0-9a-f]{40}$/i.test(text) ? { rev: text } : { tag: text };
}

function pinOf(entry: RawPackage): Pin | undefined {
  if (entry.tag !== undefined) return { tag: entry.tag };
  if (entry.rev !== undefined) return { rev: entry.rev };
  return entry.branch === undefined ? undefined : { branch: entry.branch };
}
