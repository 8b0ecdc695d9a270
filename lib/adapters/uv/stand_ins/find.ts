/**
 * How packages stand that checkouts are to stand in for: read from the environment and uv.lock, without asking uv.
 *
 * @module
 */

import { join } from "@std/path";
import { peekText } from "../../../files/read_file.ts";
import { entriesOf } from "../../../files/site_packages.ts";
import { normalizeName } from "../../../names.ts";
import type { LockedPackage } from "../../reader.ts";
import {
  type Mark,
  metadataDigest,
  peekMark,
  type StandIn,
  type StandInState,
} from "../../stand_in.ts";
import { isWhole } from "./record.ts";
import { DIRECT_URL, type Identity, IDENTITY_FILES, lockedIdentity } from "./identity.ts";

/** The metadata of something installed. */
export interface Metadata {
  /** The package's normalized name. */
  readonly key: string;
  /** The name of its `.dist-info` folder. */
  readonly folder: string;
  /** The version, as it stands in that name. */
  readonly version: string;
}

/**
 * Finds the metadata of packages in a folder of distributions; after a broken uninstall there may be several of one.
 *
 * @param site The folder, absolute; empty: there is no environment yet.
 */
export async function findMetadata(
  site: string,
  keys: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly Metadata[]>> {
  const folders = site === "" ? [] : await entriesOf(site);
  const found = folders.flatMap((folder): readonly Metadata[] => {
    const [, name = "", version = ""] = /^(.+)-([^-]+)\.dist-info$/.exec(folder) ?? [];
    const key = normalizeName(name);
    return keys.has(key) ? [{ key, folder, version }] : [];
  });
  return Map.groupBy(found, (it) => it.key);
}

/** By what uv tells what is installed. */
export function installedIdentity(site: string, { folder, version }: Metadata): Identity {
  const files: Record<string, string> = {};
  for (const file of IDENTITY_FILES) {
    const text = peekText(join(site, folder, file));
    if (text !== undefined) files[file] = text;
  }
  return { version, files };
}

/** How one package stands. */
export interface Standing {
  /** The checkout that is to stand in for it. */
  readonly standIn: StandIn;
  /** How it stands. */
  readonly state: StandInState;
}

/**
 * Looks how packages stand.
 *
 * @param site The folder of the distributions, absolute; it need not exist. Empty: there is no environment yet.
 * @param locked What uv.lock says.
 */
export async function findStanding(
  site: string,
  standIns: readonly StandIn[],
  locked: readonly LockedPackage[],
): Promise<readonly Standing[]> {
  const found = await findMetadata(site, new Set(standIns.map((it) => it.key)));
  return standIns.map((standIn) => {
    const entries = locked.filter((it) => it.key === standIn.key);
    return { standIn, state: stateOf(site, standIn, found.get(standIn.key) ?? [], entries) };
  });
}

function stateOf(
  site: string,
  { folder }: StandIn,
  found: readonly Metadata[],
  entries: readonly LockedPackage[],
): StandInState {
  const [first, ...more] = found;
  if (first === undefined) return "missing";
  if (more.length > 0) return "foreign";
  const identity = installedIdentity(site, first);
  const mark = peekMark(join(site, first.folder));
  if (mark === undefined) {
    return isEditable(identity) && entries.every(isNoFolder) ? "foreign" : "missing";
  }
  if (entries.length > 0 && !entries.some((it) => isSame(identity, it))) return "stale-pin";
  if (!isUpToDate(mark, folder)) return "stale-metadata";
  return isWhole(site, first.folder) ? "ok" : "damaged";
}

/** Whether it is that of a folder which Python imports from. */
export function isEditable({ files }: Identity): boolean {
  return /"editable":\s*true/.test(files[DIRECT_URL] ?? "");
}

/** Whether uv.lock has a package from elsewhere than a folder, so that no folder is what uv has put there. */
function isNoFolder({ source }: LockedPackage): boolean {
  return source.kind !== "path";
}

/** Whether an identity is that of a package of uv.lock. */
function isSame(identity: Identity, locked: LockedPackage): boolean {
  const wanted = lockedIdentity(locked);
  // What only an install of uv's own knows, uv compares by itself.
  if (wanted === undefined) {
    return locked.version === undefined || locked.version === identity.version;
  }
  return wanted.version === identity.version &&
    IDENTITY_FILES.every((file) => wanted.files[file] === identity.files[file]);
}

function isUpToDate({ path, digest }: Mark, folder: string): boolean {
  return path === folder && digest === metadataDigest(folder);
}
