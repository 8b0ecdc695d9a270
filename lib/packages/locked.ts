/**
 * What is locked.
 *
 * @module
 */

import { basename } from "@std/path";
import type { CompleteAdapter } from "../adapters/adapter.ts";
import type { LockedPackage } from "../adapters/reader.ts";
import { MAX_WRITTEN_BYTES } from "../files/read_file.ts";
import { readText } from "../files/read_text.ts";

/** Whose lock file it is. */
interface Locking {
  readonly lockFiles: readonly string[];
  readonly adapter: Pick<CompleteAdapter, "lockNames" | "readLock">;
}

/**
 * Reads the lock file. Touches nothing.
 *
 * @returns All packages; empty where there is no lock file, undefined where it is none that HSM knows.
 * @throws {HsmError} `io`
 */
export async function readLocked(
  { lockFiles, adapter }: Locking,
): Promise<readonly LockedPackage[] | undefined> {
  const packages: LockedPackage[] = [];
  for (const path of lockFiles) {
    const text = await readText(path, basename(path), "io", MAX_WRITTEN_BYTES);
    const locked = text === undefined ? [] : await adapter.readLock(text);
    if (locked === undefined) return undefined;
    packages.push(...locked);
  }
  return packages;
}

/** {@linkcode readLocked}, for who can do without: undefined also where it cannot be read. */
export async function peekLocked(of: Locking): Promise<readonly LockedPackage[] | undefined> {
  return await readLocked(of).catch(() => undefined);
}

/** The commit at which the lock file has a package. */
export interface LockedCommit {
  /** The tag that it was found by; undefined: by something else. */
  readonly tag: string | undefined;
  /** The branch that it was found by; undefined: by something else. */
  readonly branch: string | undefined;
  /** The commit, in full. */
  readonly commit: string;
  /** The version that it has there, where the lock file says it. */
  readonly version?: string | undefined;
  /** The lock file's name. */
  readonly file?: string | undefined;
}

/** The commits at which the lock file has packages, by normalized name; empty where it cannot be read. Touches nothing. */
export async function lockedCommits(of: Locking): Promise<ReadonlyMap<string, LockedCommit>> {
  const locked = await peekLocked(of) ?? [];
  const [file] = of.adapter.lockNames;
  return new Map(locked.flatMap(({ key, source, version }) => {
    if (source.kind !== "git" || source.commit === undefined) return [];
    const { tag, branch, commit } = source;
    return [[key, { tag, branch, commit, version, file }] as const];
  }));
}
