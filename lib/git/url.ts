/**
 * The forms in which git writes where a repository is (gitremotes, "GIT URLS").
 *
 * @module
 */

import { isAbsolute, resolve, toFileUrl } from "@std/path";
import { attempt } from "../attempt.ts";
import { SYSTEM, type System } from "../platform/system.ts";

/** `user@host:path`, the short form of ssh; a `/` before the colon makes it a path. */
const SCP_LIKE = /^(?:([^@/:\s]+)@)?([^/:\s[\]]+|\[[^\]]+\]):(?!\/\/)(.*)$/;

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * The parts of an address in the short form of ssh, as they are written: the login and the host, and the path, which is
 * relative to the login's home folder; undefined where it is no such address.
 */
function shortForm(
  address: string,
  system: System = SYSTEM,
): { readonly server: string; readonly path: string } | undefined {
  if (HAS_SCHEME.test(address)) return undefined;
  // A drive, as git sees it there as well.
  if (system === "windows" && /^[a-z]:/i.test(address)) return undefined;
  const [, user, host, path = ""] = SCP_LIKE.exec(address) ?? [];
  if (host === undefined) return undefined;
  return { server: user === undefined ? host : `${user}@${host}`, path };
}

/**
 * A repository's address as git takes it in any folder: a local path becomes a URL, all else stays as it is given, so that
 * what git is configured to do with it (`insteadOf`) applies.
 *
 * @param root The folder that a relative path is relative to.
 */
export function remoteAddress(address: string, root: string): string {
  if (HAS_SCHEME.test(address) || shortForm(address) !== undefined) return address;
  return toFileUrl(isAbsolute(address) ? address : resolve(root, address)).href;
}

/**
 * The URLs that the short form of ssh may stand for, and the server that decides which one. Its path is relative to the
 * login's home folder (`~` in a URL), but GitHub, GitLab, Gitea and their like know no home folders: there it begins at
 * the top, and they refuse the `~`.
 *
 * @returns undefined where the address stands for one URL.
 */
export function homeOrTop(
  address: string,
  system: System = SYSTEM,
): { readonly server: string; readonly home: string; readonly top: string } | undefined {
  const short = shortForm(address, system);
  if (short === undefined || /^[/~]/.test(short.path)) return undefined;
  const { server, path } = short;
  if (WITHOUT_HOMES.has(hostOf(server))) return undefined;
  return { server, home: `ssh://${server}/~/${path}`, top: `ssh://${server}/${path}` };
}

function hostOf(server: string): string {
  return server.slice(server.lastIndexOf("@") + 1).toLowerCase();
}

/** Hosts that serve repositories at the top; others are asked. */
const WITHOUT_HOMES: ReadonlySet<string> = new Set([
  "github.com",
  "gitlab.com",
  "bitbucket.org",
  "codeberg.org",
  "ssh.dev.azure.com",
]);

/**
 * A repository's address as a URL, which is what package managers take. Of the two URLs that the short form of ssh may
 * stand for (`homeOrTop`) it is the one at the top.
 *
 * @example
 * ```ts
 * import { repositoryUrl } from "./url.ts";
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
  const short = shortForm(address);
  if (short === undefined) return remoteAddress(address, root);
  return `ssh://${short.server}/${short.path.replace(/^\/+/, "")}`;
}

/**
 * Whether two addresses mean the same repository: scheme, login, letter case of the host (and of the path, where the host
 * makes no difference), a home folder's `~/`, a closing `/` and `.git` make none.
 *
 * @param root The folder that relative paths are relative to.
 */
export function sameRepository(a: string, b: string, root: string): boolean {
  return identity(a, root) === identity(b, root);
}

function identity(address: string, root: string): string {
  const url = URL.parse(repositoryUrl(address, root));
  if (url === null) return address;
  // A path may hold a `%` that begins no escape.
  const { pathname } = url;
  const path = (attempt(() => decodeURIComponent(pathname)) ?? pathname).replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .replace(/\/+$/, "");
  if (url.protocol === "file:") return `file:${path}`;
  const host = url.hostname.toLowerCase();
  const below = path.replace(/^\/~\//, "/");
  const place = IGNORING_CASE.has(host) ? below.toLowerCase() : below;
  return `${host}${defaultPort(url) ? "" : `:${url.port}`}${place}`;
}

/** Hosts to which `Owner/Name` and `owner/name` are one repository. */
const IGNORING_CASE: ReadonlySet<string> = new Set(["github.com", "gitlab.com"]);

function defaultPort(url: URL): boolean {
  const port = { "https:": "443", "http:": "80", "ssh:": "22", "git:": "9418" }[url.protocol];
  return url.port === "" || url.port === port;
}
