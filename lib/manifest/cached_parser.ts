/**
 * Reading the manifest without parsing what was parsed before, in this run or an earlier one: for most commands the
 * YAML parser and the schema would be the greatest part of their start.
 *
 * @module
 */

import deno from "../../deno.json" with { type: "json" };
import { Cache, cacheFolder, digest } from "../files/cache.ts";
import { normalizeName } from "../names.ts";
import type { ManifestFiles } from "./parse.ts";
import {
  environmentElsewhere,
  KNOWN_ADAPTERS,
  type KnownAdapters,
  withoutStandIns,
} from "./adapter_names.ts";
import { type CheckedFile, mergeManifest } from "./merge.ts";
import type { Manifest } from "./model.ts";
import { findOverlaps } from "./overlaps.ts";
import type { ManifestFile } from "./problem.ts";
import { isCheckedFile } from "./shape.ts";

/** What is kept of a file: what it said when its text had this digest. */
interface Entry {
  readonly digest: string;
  readonly file: CheckedFile;
}

/** Parses the files of a manifest. */
export type ManifestParser = (files: ManifestFiles) => Promise<Manifest>;

/**
 * A parser for the manifest of one workspace, which keeps the last text of each file in HSM's cache.
 *
 * It touches nothing but that, and throws what `parseManifest()` throws.
 *
 * @param options `keeps`: whether it touches even that. Default: true; `adapters`: the package managers that may be named.
 * Default: those that HSM knows
 */
export function manifestParser(
  root: string,
  env: Readonly<Record<string, string>>,
  { keeps = true, adapters = KNOWN_ADAPTERS }: {
    readonly keeps?: boolean;
    readonly adapters?: KnownAdapters | undefined;
  } = {},
): ManifestParser {
  // Another HSM may have other rules.
  const cache = new Cache(cacheFolder(env), `manifests/v2/${deno.version}`, isEntry);
  const known = new Map<string, CheckedFile>();

  const check = async ({ path, text }: ManifestFile): Promise<CheckedFile | undefined> => {
    const hash = digest(text);
    const kept = known.get(hash) ?? recall(path, hash);
    const file = kept ?? (await import("./parse.ts")).checkFile({ path, text });
    if (file === undefined) return undefined;
    known.set(hash, file);
    if (keeps && kept === undefined) await cache.write([root, path], { digest: hash, file });
    return file;
  };

  const recall = (path: string, hash: string): CheckedFile | undefined => {
    const entry = cache.read([root, path]);
    return entry?.digest === hash ? entry.file : undefined;
  };

  return async (files) => {
    const shared = await check(files.shared);
    const local = files.local === undefined ? NOTHING : await check(files.local);
    const { names } = adapters;
    const isOneOf = ({ data }: CheckedFile) => names.includes(data.adapter ?? names[0]!);
    if (
      shared !== undefined && local !== undefined && areKnown(local.names, shared.names) &&
      isOneOf(shared) && isOneOf(local)
    ) {
      const manifest = mergeManifest(shared, local);
      const isFit = manifest.environment === undefined ||
        environmentElsewhere(manifest.adapter, adapters) === undefined;
      const canStandIn = withoutStandIns(manifest, adapters) === undefined;
      if (isFit && canStandIn && findOverlaps(manifest.packages).length === 0) return manifest;
    }
    const { parseManifest } = await import("./parse.ts");
    return parseManifest(files, adapters);
  };
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return typeof entry?.digest === "string" && isCheckedFile(entry.file);
}

const NOTHING: CheckedFile = { data: {}, names: [] };

function areKnown(names: readonly string[], shared: readonly string[]): boolean {
  const known = new Set(shared.map(normalizeName));
  return names.every((name) => known.has(normalizeName(name)));
}
