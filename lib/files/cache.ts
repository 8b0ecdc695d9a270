/**
 * HSM's cache: what can be found out again, on disk, outside of workspaces and shared by all of them and by all
 * processes.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { ensureDir } from "@std/fs/ensure-dir";
import { dirname, join, relative } from "@std/path";
import { attempt } from "../attempt.ts";
import { type Environment, variable } from "../platform/program.ts";
import { SYSTEM, type System } from "../platform/system.ts";
import { peekText } from "./read_file.ts";
import { realFiles } from "./layer.ts";
import { writeOwnFile } from "./write_own_file.ts";

/**
 * The folder of HSM's cache: `HSM_CACHE_DIR`, else the system's place for caches.
 *
 * @returns undefined where the environment names no home.
 */
export function cacheFolder(env: Environment, system: System = SYSTEM): string | undefined {
  if (env["HSM_CACHE_DIR"]) return env["HSM_CACHE_DIR"];
  if (system === "windows") {
    const [local, home] = ["LOCALAPPDATA", "USERPROFILE"].map((it) => variable(env, it, system));
    const folder = local || (home && join(home, "AppData", "Local"));
    return folder ? join(folder, "hsm", "cache") : undefined;
  }
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "hsm");
  const home = env["HOME"];
  if (!home) return undefined;
  return system === "darwin" ? join(home, "Library/Caches/hsm") : join(home, ".cache/hsm");
}

/** Entries of one kind. They are written whole or not at all, and a damaged one is a miss. */
export class Cache<T> {
  readonly #folder: string | undefined;
  readonly #kind: string;
  readonly #isEntry: (value: unknown) => value is T;

  /**
   * A cache in a folder, which is made when something is kept; without one nothing is kept.
   *
   * @param kind The entries' kind and the version of their format, such as `metadata/v1`: a change is a miss and not an
   * error.
   * @param isEntry Whether a value has an entry's shape: what has not is a miss.
   */
  constructor(
    folder: string | undefined,
    kind: string,
    isEntry: (value: unknown) => value is T,
  ) {
    this.#folder = folder;
    this.#kind = kind;
    this.#isEntry = isEntry;
  }

  /** What is kept under a key. */
  read(key: readonly string[]): T | undefined {
    const path = this.#path(key);
    if (path === undefined) return undefined;
    const text = peekText(path) ?? "";
    // The first line is a checksum of the rest: a torn or altered entry is no entry.
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (end < 0 || text.slice(0, end) !== digest(body)) return undefined;
    const value: unknown = attempt(() => JSON.parse(body));
    return this.#isEntry(value) ? value : undefined;
  }

  /** Keeps a value. A cache that cannot be written is no reason to fail. */
  async write(key: readonly string[], value: T): Promise<void> {
    const path = this.#path(key);
    if (path === undefined) return;
    const body = JSON.stringify(value);
    try {
      await makeFolders(this.#folder ?? "", relative(this.#folder ?? "", dirname(path)));
      writeOwnFile(path, `${digest(body)}\n${body}`, { mode: 0o600 });
    } catch {
      // It is found out again.
    }
  }

  #path(key: readonly string[]): string | undefined {
    if (this.#folder === undefined) return undefined;
    const hash = digest(key.join("\0"));
    return join(this.#folder, this.#kind, hash.slice(0, 2), `${hash.slice(2)}.json`);
  }
}

/**
 * Makes the folders that entries are in. The cache's own may be a link of its user's; what is in it is HSM's, and a link
 * there is nobody's wish.
 */
async function makeFolders(top: string, below: string): Promise<void> {
  await ensureDir(top);
  let folder = top;
  for (const name of below.split(/[\\/]/)) {
    folder = join(folder, name);
    if (realFiles().makeFolder(folder, 0o777)) continue;
    if (realFiles().facts(folder)?.kind !== "folder") throw new Error(`${folder} is no folder`);
  }
}

/** The SHA-256 of a text, in hex. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
