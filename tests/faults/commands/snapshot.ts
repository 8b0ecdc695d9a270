/**
 * All that a folder holds, to compare it with what it held, and to bring it back.
 *
 * @module
 */

import { join } from "@std/path";

/** Something in a folder. */
export type Entry =
  | { readonly kind: "file"; readonly mode: number; readonly bytes: Uint8Array }
  | { readonly kind: "folder"; readonly mode: number }
  | { readonly kind: "link"; readonly target: string };

/** What a folder holds, by path relative to it; folders come before what is in them. */
export type Snapshot = ReadonlyMap<string, Entry>;

/**
 * Reads all that a folder holds.
 *
 * @param only These of its names; default: all.
 */
export function takeSnapshot(folder: string, only?: readonly string[]): Snapshot {
  const entries = new Map<string, Entry>();
  const walk = (inside: string): void => {
    const names = [...Deno.readDirSync(join(folder, inside))].map(({ name }) => name).sort();
    for (const name of names) {
      if (inside === "" && only?.includes(name) === false) continue;
      const path = inside === "" ? name : `${inside}/${name}`;
      const entry = readEntry(join(folder, path));
      entries.set(path, entry);
      if (entry.kind === "folder") walk(path);
    }
  };
  walk("");
  return entries;
}

/**
 * Brings a folder back to what it held. What is as it was is not touched: a journal knows its folder by the inode, and
 * a copy is none.
 */
export function restoreSnapshot(folder: string, wanted: Snapshot): void {
  const now = takeSnapshot(folder);
  for (const [path, entry] of [...now].reverse()) {
    // What is below comes first; a folder that has become something else goes with all of it.
    if (wanted.get(path)?.kind !== entry.kind) Deno.removeSync(join(folder, path));
  }
  for (const [path, entry] of wanted) {
    const found = now.get(path);
    if (!isSame(found, entry)) writeEntry(join(folder, path), entry, found?.kind === entry.kind);
  }
}

/** Whether two entries are the same, to the byte; undefined is nothing at all. */
export function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === "link") return b.kind === "link" && a.target === b.target;
  if (b.kind === "link" || a.kind !== b.kind || a.mode !== b.mode) return false;
  if (a.kind === "folder" || b.kind === "folder") return true;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}

/** The part of a snapshot that lies in a folder, by path relative to that; empty where there is none. */
export function below(snapshot: Snapshot, folder: string): Snapshot {
  const prefix = `${folder}/`;
  return new Map(
    [...snapshot].filter(([path]) => path.startsWith(prefix))
      .map(([path, entry]) => [path.slice(prefix.length), entry]),
  );
}

/** The paths that two snapshots do not have in common, or not with the same content. */
export function differing(a: Snapshot, b: Snapshot): readonly string[] {
  const paths = new Set([...a.keys(), ...b.keys()]);
  return [...paths].filter((path) => !isSame(a.get(path), b.get(path)));
}

function readEntry(path: string): Entry {
  const info = Deno.lstatSync(path);
  const mode = (info.mode ?? 0) & 0o7777;
  if (info.isSymlink) return { kind: "link", target: Deno.readLinkSync(path) };
  return info.isDirectory
    ? { kind: "folder", mode }
    : { kind: "file", mode, bytes: Deno.readFileSync(path) };
}

function writeEntry(path: string, entry: Entry, isThere: boolean): void {
  if (entry.kind === "link") {
    if (isThere) Deno.removeSync(path);
    return Deno.symlinkSync(entry.target, path);
  }
  if (entry.kind === "folder" && !isThere) Deno.mkdirSync(path);
  if (entry.kind === "file") {
    // git's objects may not be written to; a file of the same name is another one.
    if (isThere) Deno.removeSync(path);
    Deno.writeFileSync(path, entry.bytes);
  }
  Deno.chmodSync(path, entry.mode);
}
