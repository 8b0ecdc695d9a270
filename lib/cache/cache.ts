/**
 * HSM's cache: what can be found out again, on disk, outside of workspaces and shared by all of them and by all
 * processes.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join } from "@std/path";

/**
 * The folder of HSM's cache: `HSM_CACHE_DIR`, else the system's place for caches.
 *
 * @returns undefined where the environment names no home.
 */
export function cacheFolder(env: Readonly<Record<string, string>>): string | undefined {
  if (env["HSM_CACHE_DIR"]) return env["HSM_CACHE_DIR"];
  if (Deno.build.os === "windows") {
    return env["LOCALAPPDATA"] && join(env["LOCALAPPDATA"], "hsm", "cache");
  }
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "hsm");
  const home = env["HOME"];
  if (!home) return undefined;
  return Deno.build.os === "darwin" ? join(home, "Library/Caches/hsm") : join(home, ".cache/hsm");
}

/** Entries of one kind. They are written whole or not at all, and a damaged one is a miss. */
export class Cache {
  readonly #folder: string | undefined;

  /**
   * A cache in a folder, which is made when something is kept; without one nothing is kept.
   *
   * @param kind The entries' kind and the version of their format, such as `metadata/v1`: a change is a miss and not an
   * error.
   */
  constructor(folder: string | undefined, kind: string) {
    this.#folder = folder === undefined ? undefined : join(folder, kind);
  }

  /** What is kept under a key. */
  read(key: readonly string[]): unknown {
    const path = this.#path(key);
    if (path === undefined) return undefined;
    try {
      const text = Deno.readTextFileSync(path);
      // The first line is a checksum of the rest: a torn or altered entry is no entry.
      const end = text.indexOf("\n");
      const body = text.slice(end + 1);
      return end >= 0 && text.slice(0, end) === digest(body) ? JSON.parse(body) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a value. A cache that cannot be written is no reason to fail. */
  async write(key: readonly string[], value: unknown): Promise<void> {
    const path = this.#path(key);
    if (path === undefined) return;
    const body = JSON.stringify(value);
    const temporary = `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeTextFile(temporary, `${digest(body)}\n${body}`, { mode: 0o600 });
      await Deno.rename(temporary, path);
    } catch {
      await Deno.remove(temporary).catch(() => {});
    }
  }

  #path(key: readonly string[]): string | undefined {
    if (this.#folder === undefined) return undefined;
    const hash = digest(key.join("\0"));
    return join(this.#folder, hash.slice(0, 2), `${hash.slice(2)}.json`);
  }
}

/** The SHA-256 of a text, in hex. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
