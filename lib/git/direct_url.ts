/**
 * The URL by which a requirement names a git repository (PEP 508).
 *
 * @module
 */

/** What such a URL says. */
export interface DirectUrl {
  /** The repository's address. */
  readonly git: string;
  /** What is to be checked out; undefined: what a clone checks out by itself. */
  readonly ref: string | undefined;
  /** Where the distribution lies inside the repository. */
  readonly subdirectory: string | undefined;
}

/**
 * Reads a URL. An `@` in the path begins what is to be checked out, a branch with `/` in its name included; one before the path
 * is a login's.
 *
 * @example
 * ```ts
 * import { readDirectUrl } from "./direct_url.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readDirectUrl("git+ssh://git@example.com/a.git@feature/x#subdirectory=py"), {
 *   git: "ssh://git@example.com/a.git",
 *   ref: "feature/x",
 *   subdirectory: "py",
 * });
 * ```
 *
 * @returns undefined where it is no git repository's.
 */
export function readDirectUrl(url: string): DirectUrl | undefined {
  const [, address, fragment] = /^git\+([^#]*)(?:#(.*))?$/s.exec(url) ?? [];
  if (address === undefined) return undefined;
  const [, server = "", path = ""] = /^(\w+:\/\/[^/]*|[^/:]*:)?(.*)$/s.exec(address) ?? [];
  const at = path.lastIndexOf("@");
  return {
    git: server + (at < 0 ? path : path.slice(0, at)),
    ref: at < 0 ? undefined : path.slice(at + 1) || undefined,
    subdirectory: new URLSearchParams(fragment).get("subdirectory") ?? undefined,
  };
}
