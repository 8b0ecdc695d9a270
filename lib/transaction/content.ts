/**
 * Files as the transaction sees them: their bytes, mode and owner, behind whatever links lead to them.
 *
 * @module
 */

import { basename, dirname, isAbsolute, join, resolve } from "@std/path";
import { shortPath } from "../platform/paths.ts";
import { HsmError } from "../errors.ts";
import type { FileFacts, FileLayer } from "../files/layer.ts";
import { errnoOf } from "../files/system_error.ts";

/** A file's bytes and what else must come back with them. */
export interface FileContent {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Mode and owner. */
  readonly facts: FileFacts;
}

/** The hash that stands for "there is no file". */
export const ABSENT = "absent";

/** How many links may lead to a file, as in the Linux kernel. */
const MAX_LINKS = 40;

/**
 * The path of the file that `path` leads to, through links; the file itself need not exist.
 *
 * @throws {HsmError} `io` when the links go round in a circle.
 */
export function resolveTarget(layer: FileLayer, path: string): string {
  let current = path;
  for (let i = 0; i <= MAX_LINKS; i++) {
    // The folder without links first: a relative link starts where its folder really is.
    current = join(layer.realPath(dirname(current)), basename(current));
    if (layer.facts(current)?.kind !== "link") return current;
    current = resolve(dirname(current), layer.readLink(current));
  }
  throw new HsmError("io", `Cannot read ${path}: its links go round in a circle`, {
    details: { path },
  });
}

/**
 * Reads a file with its mode and owner; null when there is none.
 *
 * @throws {HsmError} `io` when something else than a file is there.
 */
export function readContent(layer: FileLayer, target: string): FileContent | null {
  const facts = layer.facts(target);
  if (facts === null) return null;
  if (facts.kind !== "file") {
    throw new HsmError("io", `Cannot read ${target}: it is not a regular file`, {
      details: { path: target },
    });
  }
  const bytes = layer.read(target);
  return bytes === null ? null : { bytes, facts };
}

/**
 * Writes a new file with the mode and owner of another, and waits until it is on the disk.
 *
 * Where the system lets nobody give files away, the owner is the writer; the group is kept if that is allowed.
 */
export function createLike(
  layer: FileLayer,
  path: string,
  bytes: Uint8Array,
  like: Pick<FileFacts, "mode" | "uid" | "gid"> | null,
): void {
  // Private until the mode is set; a file without a model gets what the umask gives.
  layer.create(path, bytes, like === null ? 0o666 : 0o600);
  if (like !== null) {
    keepOwner(layer, path, like);
    if (like.mode !== null) layer.chmod(path, like.mode);
  }
  layer.sync(path);
}

function keepOwner(layer: FileLayer, path: string, like: Pick<FileFacts, "uid" | "gid">): void {
  const now = layer.facts(path);
  if (now === null || now.uid === null || now.gid === null) return;
  // Group first: it may be allowed where the owner is not.
  for (const [uid, gid] of [[null, like.gid], [like.uid, null]] as const) {
    if ((uid ?? now.uid) === now.uid && (gid ?? now.gid) === now.gid) continue;
    try {
      layer.chown(path, uid, gid);
    } catch (error) {
      if (errnoOf(error) !== "EPERM") throw error;
    }
  }
}

/** The SHA-256 of bytes in hex; {@linkcode ABSENT} for null. */
export async function hashOf(bytes: Uint8Array | null): Promise<string> {
  if (bytes === null) return ABSENT;
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether two contents are the same, byte for byte; null is "no file". */
export function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * The one name that a file at stake has in the journal, however it is given: relative to the root or absolute.
 *
 * @param root The root, without links.
 */
export function stakeName(layer: FileLayer, root: string, path: string): string {
  if (!isAbsolute(path)) return shortPath(root, join(root, path));
  // A folder without links, as the root is.
  return shortPath(root, join(layer.realPath(dirname(path)), basename(path)));
}

/**
 * Refuses to write a file through links that lead out of its folder: the root for the app's own files, for others, such as
 * the lock file of a uv workspace around the app, the folder that they lie in.
 *
 * @param file Its name, as `stakeName()` gives it.
 * @param target Where its links lead, as `resolveTarget()` finds out.
 * @throws {HsmError} `outside-root`
 */
export function refuseLinkOut(root: string, file: string, target: string): void {
  if (!leadsOut(root, file, target)) return;
  throw new HsmError(
    "outside-root",
    `Cannot write ${file}: it is a link that leads out of the app's folder, to ${target}`,
    {
      hint: "remove the link, or put a file of the app's own in its place",
      details: { file, target },
    },
  );
}

/** Whether links lead from a file at stake out of its folder. */
export function leadsOut(root: string, file: string, target: string): boolean {
  return isAbsolute(shortPath(isAbsolute(file) ? dirname(file) : root, target));
}
