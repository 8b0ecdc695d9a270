/**
 * The lock: one HSM at a time in a root.
 *
 * It is the system's lock (flock) on `.hsm/lock`: it ends with its process, however that ends. The file also says
 * who holds it, for messages; it is never removed. Windows lets nobody read a file that somebody has locked: there
 * `.hsm/holder` says it.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { FORMATS, newerFormat, refuseNewer, UPDATE_HSM } from "../files/format.ts";
import { MAX_NOTE_BYTES, peekText } from "../files/read_file.ts";
import { type Table, tableOf } from "../table.ts";
import { writeOwnFile } from "../files/write_own_file.ts";
import { type FileLayer, realFiles } from "../files/layer.ts";
import { describeFailure, ioError } from "../files/system_error.ts";
import { encode } from "./journal.ts";
import { makeStateFolder, STATE_FOLDER } from "../files/state_folder.ts";
import { isThereStill } from "../platform/process.ts";
import { HERE, type Platform, SYSTEM, type System } from "../platform/system.ts";

/** Who holds the lock. */
export interface LockHolder {
  /** The process. */
  readonly pid: number;
  /** Its command. */
  readonly command: string;
  /** Since when, in ISO 8601: it had begun then. */
  readonly since: string;
}

/** How the lock is taken. */
export interface LockOptions {
  /** The command, which others are told. */
  readonly command: string;
  /**
   * Wait until the lock is free, instead of failing.
   * @default {false}
   */
  readonly wait?: boolean;
  /** Told once when somebody else holds the lock and it is waited for; null: it does not say who. */
  readonly onWait?: (holder: LockHolder | null) => void;
  /** Ends the waiting; its reason is thrown. */
  readonly signal?: AbortSignal;
  /**
   * The clock.
   * @default {() => new Date()}
   */
  readonly now?: () => Date;
  /**
   * Milliseconds until a lock that does not come, and whose holder is not to be made out, counts as held.
   * @default {10000}
   */
  readonly patience?: number;
  /**
   * The file layer that makes `.hsm/`; the lock itself is the system's.
   * @default {realFiles()}
   */
  readonly layer?: FileLayer;
  /** The system that is asked who the holder is. @default {HERE} */
  readonly platform?: Platform;
}

/** A lock that is held until it is disposed of: that lets it go. */
export interface Lock extends AsyncDisposable {
  /** The file. */
  readonly path: string;
  /** Who holds it: this process. */
  readonly holder: LockHolder;
}

/** Milliseconds between two looks at who holds the lock. */
const LOOK = 100;

/**
 * Takes the lock of a root.
 *
 * After `workspace-locked` the system still waits for the lock on this process's behalf, and lets it go the
 * moment it comes: a script that should not live that long ends with `Deno.exit()`.
 *
 * @throws {HsmError} `workspace-locked` when another process holds it; `lock-unsupported` when the file system
 * has no locks; `newer-format` when a newer HSM has left it; `io`.
 */
export async function acquireLock(root: string, options: LockOptions): Promise<Lock> {
  options.signal?.throwIfAborted();
  const path = join(root, STATE_FOLDER, "lock");
  for (;;) {
    const file = openLockFile(options.layer ?? realFiles(), root, path);
    await waitForLock(file, path, options);
    // Somebody may have removed the folder meanwhile: then this lock keeps nobody out.
    if (!isStillThere(file, path)) {
      file.close();
      continue;
    }
    const { system } = options.platform ?? HERE;
    try {
      refuseNewerLock(root, system);
    } catch (error) {
      file.close();
      throw error;
    }
    const since = (options.now?.() ?? new Date()).toISOString();
    const holder: LockHolder = { pid: Deno.pid, command: options.command, since };
    writeHolder(file, path, holder, system);
    let held = true;
    const release = (): Promise<void> => {
      if (held) letGo(file, path, system);
      held = false;
      return Promise.resolve();
    };
    return { path, holder, [Symbol.asyncDispose]: release };
  }
}

/** Who holds the lock of a root, as far as the file says; null when it says nobody. */
export function readLockHolder(root: string, system: System = SYSTEM): LockHolder | null {
  return readHolder(join(root, STATE_FOLDER, "lock"), system);
}

function openLockFile(layer: FileLayer, root: string, path: string): Deno.FsFile {
  try {
    makeStateFolder(layer, root);
    const kind = layer.facts(path)?.kind ?? "file";
    if (kind === "folder") {
      throw new HsmError("io", `Cannot lock the workspace: ${path} is a folder`, {
        hint: "remove it; HSM makes a file there",
        details: { path },
      });
    }
    // What is written there must stay in the root: a link goes itself, not what it leads to.
    if (kind !== "file") layer.unlink(path);
    return Deno.openSync(path, { create: true, read: true, write: true });
  } catch (error) {
    throw ioError("lock the workspace", path, error);
  }
}

async function waitForLock(file: Deno.FsFile, path: string, options: LockOptions): Promise<void> {
  let abandoned = false;
  const locked = file.lock(true).then(() => {
    if (abandoned) file.close();
    return true;
  }, (error) => {
    file.close();
    if (!abandoned) throw lockUnsupported(path, error);
    return true;
  });
  const { signal, wait = false, onWait, patience = 10_000, platform = HERE } = options;
  const begun = performance.now();
  let told = false;
  try {
    while (!await soon(locked, signal)) {
      signal?.throwIfAborted();
      if (told) continue;
      const waited = performance.now() - begun;
      const holder = readHolder(path, platform.system);
      // A free lock comes late when the machine is busy, and its file may name somebody who is gone.
      const alive = holder !== null &&
        await isThereStill({ pid: holder.pid, at: holder.since }, platform) !== false;
      if (!alive && waited < patience) continue;
      if (!wait) throw workspaceLocked(alive ? holder : null, path);
      onWait?.(alive ? holder : null);
      told = true;
    }
  } catch (error) {
    abandoned = true;
    throw error;
  }
}

/** Whether the lock came before the next look. */
async function soon(locked: Promise<boolean>, signal: AbortSignal | undefined): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const later = (): void => resolve(false);
  const timer = setTimeout(later, LOOK);
  signal?.addEventListener("abort", later);
  try {
    return await Promise.race([locked, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", later);
  }
}

function workspaceLocked(holder: LockHolder | null, path: string): HsmError {
  const who = holder === null
    ? "another process holds the lock"
    : `\`${holder.command}\` (process ${holder.pid}) runs since ${holder.since}`;
  return new HsmError("workspace-locked", `Cannot lock the workspace: ${who}`, {
    hint: "wait until it has ended, or run with `--wait`",
    details: { path, ...holder },
  });
}

function lockUnsupported(path: string, error: unknown): HsmError {
  return new HsmError(
    "lock-unsupported",
    `Cannot lock the workspace: ${describeFailure(error)}`,
    {
      hint:
        "the file system of this folder has no file locks (a network drive?): move the app to another one",
      cause: error,
      details: { path },
    },
  );
}

function isStillThere(file: Deno.FsFile, path: string): boolean {
  try {
    const [open, there] = [file.statSync(), Deno.lstatSync(path)];
    return open.ino === there.ino && open.dev === there.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    file.close();
    throw ioError("lock the workspace", path, error);
  }
}

/** The file that says who holds the lock. */
function holderFile(lock: string, system: System): string {
  return system === "windows" ? join(dirname(lock), "holder") : lock;
}

/**
 * Refuses a lock that a newer HSM has left behind: only such a one knows what keeps others out by it.
 *
 * @throws {HsmError} `newer-format`
 */
export function refuseNewerLock(root: string, system: System = SYSTEM): void {
  const path = join(root, STATE_FOLDER, "lock");
  refuseNewer("lock", peekHolder(path, system)["version"], {
    action: "lock the workspace",
    what: `${STATE_FOLDER}/lock`,
    path,
    hint: `${UPDATE_HSM}, or delete ${path} once no hsm runs there`,
  });
}

function readHolder(lock: string, system: System): LockHolder | null {
  const { version, pid, command, since } = peekHolder(lock, system);
  const isValid = newerFormat("lock", version) === undefined && Number.isInteger(pid) &&
    typeof command === "string" && typeof since === "string";
  return isValid ? { pid: Number(pid), command, since } : null;
}

/** What the file that says who holds a lock says; nothing where it is empty, or just being written. */
function peekHolder(lock: string, system: System): Table {
  return tableOf(
    attempt(() => JSON.parse(peekText(holderFile(lock, system), MAX_NOTE_BYTES) ?? "")),
  );
}

function writeHolder(file: Deno.FsFile, lock: string, holder: LockHolder, system: System): void {
  const text = `${JSON.stringify({ version: FORMATS.lock, ...holder })}\n`;
  // The lock is held all the same; others are only not told by whom.
  attempt(() => {
    if (system === "windows") return writeOwnFile(holderFile(lock, system), text);
    file.truncateSync();
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(encode(text));
  });
}

function letGo(file: Deno.FsFile, lock: string, system: System): void {
  // A name that stays behind is recognised: the lock can be had.
  attempt(() =>
    system === "windows" ? Deno.removeSync(holderFile(lock, system)) : file.truncateSync()
  );
  file.close();
}
