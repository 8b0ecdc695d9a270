/**
 * The metadata cache: what pinned commits say of themselves. It lies outside of workspaces and is shared by all of
 * them and by all processes.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join } from "@std/path";

/** No file that describes a distribution is longer, in characters; of one that is, one more is kept. */
export const MAX_TEXT = 1024 * 1024;

/** The files of a distribution that describe it, at one commit. */
export interface DistributionFiles {
  /** The text of pyproject.toml; undefined where there is none. */
  readonly pyproject: string | undefined;
  /** The text of setup.cfg; undefined where there is none. */
  readonly setupCfg: string | undefined;
  /** Whether there is a setup.py. */
  readonly setupPy: boolean;
}

/** Which commit of which repository, and where in it. */
export interface CommitKey {
  /** The repository's URL. */
  readonly url: string;
  /** The commit, in full. */
  readonly commit: string;
  /** The folder of the distribution. */
  readonly subdirectory: string | undefined;
}

/** A name in a repository, such as `refs/tags/v1.2.0`. */
export interface RefKey {
  /** The repository's URL. */
  readonly url: string;
  /** The whole name. */
  readonly ref: string;
}

/** Part of every path, so that a change of format is a miss and not an error. */
const FORMAT = "v1";

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

/** What is known of commits and refs, on disk. Entries are written whole or not at all, and a damaged one is a miss. */
export class MetadataCache {
  readonly #folder: string | undefined;

  /** A cache in a folder, which is made when something is kept; without one nothing is kept. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** What a commit says. */
  async files(key: CommitKey): Promise<DistributionFiles | undefined> {
    const entry = await this.#read(this.#path("commits", filesKey(key)));
    return entry as DistributionFiles | undefined;
  }

  /** Keeps what a commit says. */
  async keepFiles(key: CommitKey, files: DistributionFiles): Promise<void> {
    await this.#write(this.#path("commits", filesKey(key)), files);
  }

  /** The commit that a ref was at when it was last looked up. */
  async commit(key: RefKey): Promise<string | undefined> {
    const entry = await this.#read(this.#path("refs", [key.url, key.ref]));
    return (entry as { readonly commit: string } | undefined)?.commit;
  }

  /** Keeps the commit that a ref is at. */
  async keepCommit(key: RefKey, commit: string): Promise<void> {
    await this.#write(this.#path("refs", [key.url, key.ref]), { commit });
  }

  #path(kind: string, key: readonly string[]): string | undefined {
    if (this.#folder === undefined) return undefined;
    const hash = digest(key.join("\0"));
    return join(this.#folder, "metadata", FORMAT, kind, hash.slice(0, 2), `${hash.slice(2)}.json`);
  }

  async #read(path: string | undefined): Promise<unknown> {
    if (path === undefined) return undefined;
    const text = await Deno.readTextFile(path).catch(() => "");
    // The first line is a checksum of the rest: a torn or altered entry is no entry.
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (end < 0 || text.slice(0, end) !== digest(body)) return undefined;
    return JSON.parse(body);
  }

  /** A cache that cannot be written is no reason to fail. */
  async #write(path: string | undefined, value: unknown): Promise<void> {
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
}

function filesKey({ url, commit, subdirectory = "" }: CommitKey): readonly string[] {
  return [url, commit, subdirectory];
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
