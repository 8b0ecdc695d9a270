/**
 * Reading the manifest: `hsm.yaml` with `hsm.local.yaml` laid over it.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { suggest } from "../text/suggest.ts";
import {
  environmentElsewhere,
  KNOWN_ADAPTERS,
  type KnownAdapters,
  withoutStandIns,
} from "./adapter_names.ts";
import { type CheckedFile, mergeManifest } from "./merge.ts";
import type { Manifest, ManifestPackage } from "./model.ts";
import { findOverlaps, type Overlap } from "./overlaps.ts";
import { type FileFindings, type Finding, manifestError, type ManifestFile } from "./problem.ts";
import { quoteForMessage } from "./quote.ts";
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
 * @param adapters The package managers that they may name. Default: those that HSM knows.
 * @returns The manifest.
 * @throws {HsmError} `manifest-invalid`, one error that tells all problems of both files: `causes` for people, each with its line,
 * `details.problems` for scripts.
 */
export function parseManifest(
  files: ManifestFiles,
  adapters: KnownAdapters = KNOWN_ADAPTERS,
): Manifest {
  const { names } = adapters;
  const shared = validateFile(files.shared, names);
  const local = files.local === undefined ? undefined : validateFile(files.local, names);
  const checked = [shared];
  if (local !== undefined) {
    checked.push({ ...local, findings: [...local.findings, ...unknownPackages(shared, local)] });
  }
  if (checked.some(({ findings }) => findings.length > 0)) throw manifestError("read", checked);
  const manifest = mergeManifest(checkedFile(shared), { data: local?.data ?? {} });
  const overlaps = findOverlaps(manifest.packages);
  if (overlaps.length > 0) throw manifestError("read", withOverlaps(checked, overlaps));
  const elsewhere = environmentElsewhere(manifest.adapter, adapters);
  if (manifest.environment !== undefined && elsewhere !== undefined) {
    throw manifestError("read", withEnvironment(checked, elsewhere));
  }
  const without = withoutStandIns(manifest, adapters);
  if (without !== undefined) throw manifestError("read", withInject(checked, without));
  return manifest;
}

/** The files, with a finding wherever checkouts are to stand in, which the package manager cannot have. */
function withInject(
  files: readonly ValidatedFile[],
  adapter: string,
): readonly FileFindings[] {
  const expected = "`pyproject`";
  const message =
    `expected ${expected}, with ${adapter} no checkout can stand in for what is locked`;
  return files.map((file) => {
    const { root } = file.yaml;
    const places = [
      { path: [], value: root },
      ...file.packages.map(({ key, value }) => ({ path: ["packages", key], value })),
    ];
    const findings = places.flatMap(({ path, value }): readonly Finding[] => {
      const entry = value?.kind === "map" ? value.entries.get("inject") : undefined;
      if (entry?.value.kind !== "scalar" || entry.value.value !== "environment") return [];
      return [{ span: entry.value.span, path: [...path, "inject"], message, expected }];
    });
    return { ...file, findings };
  });
}

/** The files, with a finding for each that says which environment is to be used, where the package manager does not ask it. */
function withEnvironment(
  files: readonly ValidatedFile[],
  { adapter, from }: { readonly adapter: string; readonly from: string },
): readonly FileFindings[] {
  return files.map((file) => {
    const { root } = file.yaml;
    const entry = root?.kind === "map" ? root.entries.get("environment") : undefined;
    const message = `unexpected key \`environment\`, ${adapter} has its environment from ${from}`;
    const path = ["environment"];
    const findings = entry === undefined ? [] : [{ span: entry.keySpan, path, message }];
    return { ...file, findings };
  });
}

/** The files, with a finding for each overlap where the path stands that is to change. */
function withOverlaps(
  files: readonly ValidatedFile[],
  overlaps: readonly Overlap[],
): readonly FileFindings[] {
  const located = overlaps.map(({ package: it, other, reason, hint }) => {
    // One of the two is not where `packages_dir` puts it: there names do not get into each other's way.
    const { file, key, span } = (findPath(files, it) ?? findPath(files, other))!;
    const message = `${quoteForMessage(it.path)} of ${quoteForMessage(it.name)} ${reason}`;
    return {
      file,
      finding: { span, path: ["packages", key, "path"], message, hint },
    };
  });
  return files.map((file) => ({
    ...file,
    findings: located.filter((it) => it.file === file).map((it) => it.finding),
  }));
}

/** Where a package's `path` stands: in the last file that has one. */
function findPath(files: readonly ValidatedFile[], { key }: ManifestPackage) {
  for (const file of files.toReversed()) {
    const entry = file.packages.find((it) => normalizeName(it.key) === key);
    const path = entry?.value.kind === "map" ? entry.value.entries.get("path") : undefined;
    if (entry !== undefined && path !== undefined) {
      return { file, key: entry.key, span: path.value.span };
    }
  }
  return undefined;
}

/** What one file says, if nothing is wrong with it by itself. */
export function checkFile(file: ManifestFile): CheckedFile | undefined {
  const validated = validateFile(file);
  return validated.findings.length > 0 ? undefined : checkedFile(validated);
}

function checkedFile({ data = {}, packages }: ValidatedFile): CheckedFile {
  return { data, names: packages.map(({ key }) => key) };
}

/** The packages of hsm.local.yaml that hsm.yaml does not know. */
function unknownPackages(shared: ValidatedFile, local: ValidatedFile): Finding[] {
  // Where hsm.yaml itself is wrong, nobody knows what it names.
  const isUnclear = shared.findings.length > 0 && shared.packages.length === 0;
  if (shared.yaml.problems.length > 0 || isUnclear) return [];
  const names = shared.packages.map(({ key }) => key);
  const known = new Set(names.map(normalizeName));
  return local.packages.flatMap(({ key, keySpan }): Finding[] => {
    if (known.has(normalizeName(key))) return [];
    const suggestion = suggest(key, names);
    const file = shared.file.path;
    const message = suggestion === undefined
      ? `unknown package ${quoteForMessage(key)}, ${quoteForMessage(file)} does not name it`
      : `unknown package ${quoteForMessage(key)}, did you mean ${quoteForMessage(suggestion)}?`;
    const more = suggestion === undefined
      ? { hint: `take ${quoteForMessage(key)} out of ${quoteForMessage(local.file.path)}` }
      : { suggestion };
    return [{ span: keySpan, path: ["packages", key], message, ...more }];
  });
}
