/**
 * The file layer: every call that a transaction makes to the file system, as a value.
 *
 * The calls are synchronous: each is one step that either happened or did not, on one thread, so tests can
 * stop a transaction, or fail it, between any two of them.
 *
 * @module
 */

import { type HeldOptions, whileHeld } from "../platform/held_files.ts";
import { SYSTEM } from "../platform/system.ts";
import { isMissing, MAX_WRITTEN_BYTES, readFile } from "./read_file.ts";
import { identityOf } from "./write_own_file.ts";

/** What is known of something on disk. */
export interface FileFacts {
  /** What kind of thing it is. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** The permission bits; null where the system has none. */
  readonly mode: number | null;
  /** The owner; null where the system has none. */
  readonly uid: number | null;
  /** The group; null where the system has none. */
  readonly gid: number | null;
  /** The inode and the time of birth in milliseconds, as far as the system tells: no copy has the same. */
  readonly identity: string;
}

/** The calls to the file system that a transaction makes. */
export interface FileLayer {
  /** What is at a path, without following a link; null when there is nothing. */
  facts(path: string): FileFacts | null;
  /** Where a link points to. */
  readLink(path: string): string;
  /** The path without links; it must exist. */
  realPath(path: string): string;
  /** The bytes of a regular file, `limit` at most; null when there is none. */
  read(path: string, limit?: number): Uint8Array | null;
  /** The names in a folder; none when there is no folder. */
  list(path: string): readonly string[];
  /** Writes a new file; fails when there is one. */
  create(path: string, content: Uint8Array, mode: number): void;
  /** Appends to a file, which need not exist. */
  append(path: string, content: Uint8Array): void;
  /** Waits until the file's bytes are on the disk. */
  sync(path: string): void;
  /** Waits until the folder's entries are on the disk; nothing where the system cannot. */
  syncFolder(path: string): void;
  /** Sets the permission bits; nothing where the system has none. */
  chmod(path: string, mode: number): void;
  /** Sets owner and group; nothing where the system has none. */
  chown(path: string, uid: number | null, gid: number | null): void;
  /** Renames, replacing a file that is in the way. */
  rename(from: string, to: string): void;
  /** Gives a file a second name; fails when that exists. */
  link(from: string, to: string): void;
  /** Removes a file; nothing when there is none. */
  unlink(path: string): void;
  /** Makes a folder; false when there is one already. */
  makeFolder(path: string, mode: number): boolean;
  /** Removes an empty folder; nothing when there is none. */
  removeFolder(path: string): void;
}

/** The file layer of the real file system. */
export function realFiles(): FileLayer {
  return REAL_FILES;
}

/**
 * The file layer of a system. Windows has no permission bits and owners, cannot wait for a folder, waits for a file only
 * through a handle that may write, and lets nobody rename or remove what somebody has open.
 */
export function filesOf({ system = SYSTEM, ...held }: HeldOptions = {}): FileLayer {
  const isWindows = system === "windows";
  const patiently = <T>(call: () => T): T => whileHeld(call, { system, ...held });
  return {
    facts: (path) => {
      const info = orNull(() => Deno.lstatSync(path));
      if (info === null) return null;
      return {
        kind: info.isSymlink
          ? "link"
          : info.isFile
          ? "file"
          : info.isDirectory
          ? "folder"
          : "other",
        mode: isWindows || info.mode === null ? null : info.mode & 0o7777,
        uid: info.uid,
        gid: info.gid,
        identity: identityOf(info),
      };
    },
    readLink: (path) => Deno.readLinkSync(path),
    realPath: (path) => Deno.realPathSync(path),
    read: (path, limit = MAX_WRITTEN_BYTES) => readFile(path, { limit }) ?? null,
    list: (path) => orNull(() => [...Deno.readDirSync(path)].map((entry) => entry.name)) ?? [],
    create: createFile,
    append: (path, content) => Deno.writeFileSync(path, content, { append: true }),
    sync: (path) => syncPath(path, isWindows),
    syncFolder: (path) => {
      if (!isWindows) syncPath(path, false);
    },
    chmod: (path, mode) => {
      if (!isWindows) Deno.chmodSync(path, mode);
    },
    chown: (path, uid, gid) => {
      if (!isWindows) Deno.chownSync(path, uid, gid);
    },
    rename: (from, to) => patiently(() => Deno.renameSync(from, to)),
    link: (from, to) => Deno.linkSync(from, to),
    unlink: (path) => void patiently(() => orNull(() => Deno.removeSync(path))),
    makeFolder: (path, mode) => {
      try {
        Deno.mkdirSync(path, { mode });
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.AlreadyExists) return false;
        throw error;
      }
    },
    removeFolder: (path) => void patiently(() => orNull(() => Deno.removeSync(path))),
  };
}

const REAL_FILES = filesOf();

/** Unlike `Deno.writeFileSync`, which sets the mode whatever the umask is. */
function createFile(path: string, content: Uint8Array, mode: number): void {
  using file = Deno.openSync(path, { write: true, createNew: true, mode });
  for (let rest = content; rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
}

function syncPath(path: string, write: boolean): void {
  using file = Deno.openSync(path, write ? { write } : { read: true });
  file.syncSync();
}

function orNull<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
