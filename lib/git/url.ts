/**
 * The forms in which git writes where a repository is (gitremotes, "GIT URLS").
 *
 * @module
 */

import { isAbsolute, resolve, toFileUrl } from "@std/path";

/** `user@host:path`, the short form of ssh; a `/` before the colon makes it a path. */
const SCP_LIKE = /^(?:([^@/:\s]+)@)?([^/:\s[\]]+|\[[^\]]+\]):(?!\/\/)(.*)$/;

/**
 * A repository's address as a URL, which is what package managers take.
 *
 * @example
 * ```ts
 * import { repositoryUrl } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(repositoryUrl("git@example.com:team/a.git", "/app"), "ssh://git@example.com/team/a.git");
 * assertEquals(repositoryUrl("../a", "/srv/app"), "file:///srv/a");
 * assertEquals(repositoryUrl("https://example.com/a", "/app"), "https://example.com/a");
 * ```
 *
 * @param address A URL, the short form of ssh, or a local path.
 * @param root The folder that a relative path is relative to.
 */
export function repositoryUrl(address: string, root: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return address;
  const scp = Deno.build.os === "windows" && /^[a-z]:/i.test(address)
    ? null
    : SCP_LIKE.exec(address);
  if (scp) {
    const [, user, host, path = ""] = scp;
    return `ssh://${user === undefined ? "" : `${user}@`}${host}/${path.replace(/^\/+/, "")}`;
  }
  return toFileUrl(isAbsolute(address) ? address : resolve(root, address)).href;
}

/**
 * Whether two addresses mean the same repository: scheme, login, letter case of the host, a closing `/` and
 * `.git` make no difference.
 *
 * @param root The folder that relative paths are relative to.
 */
export function sameRepository(a: string, b: string, root: string): boolean {
  return identity(a, root) === identity(b, root);
}

function identity(address: string, root: string): string {
  const url = URL.parse(repositoryUrl(address, root));
  if (url === null) return address;
  const path = decoded(url.pathname).replace(/\/+$/, "").replace(/\.git$/, "")
    .replace(/\/+$/, "");
  if (url.protocol === "file:") return `file:${path}`;
  return `${url.hostname.toLowerCase()}${defaultPort(url) ? "" : `:${url.port}`}${path}`;
}

function defaultPort(url: URL): boolean {
  const port = { "https:": "443", "http:": "80", "ssh:": "22", "git:": "9418" }[url.protocol];
  return url.port === "" || url.port === port;
}

/** A path may hold a `%` that begins no escape. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
