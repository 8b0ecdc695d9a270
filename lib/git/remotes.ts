/**
 * The remotes of a checkout, and which of them is the package's repository: in a fork that need not be `origin`.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import { READING } from "./reading.ts";
import { sameRepository } from "./url.ts";

/** A remote of a checkout. */
export interface Remote {
  /** Its name. */
  readonly name: string;
  /** Where git fetches from: as configured, and as git uses it (`insteadOf`). */
  readonly fetch: readonly string[];
  /** Where git pushes to (`pushurl`, `pushInsteadOf`). */
  readonly push: readonly string[];
}

/**
 * All remotes of a checkout, in git's order.
 *
 * @returns undefined where the folder is not the top of a git checkout.
 */
export async function readRemotes(
  context: Context,
  directory: string,
): Promise<readonly Remote[] | undefined> {
  const $ = context.$.with({ cwd: directory });
  const [top, configured, used] = await Promise.all([
    $`git ${READING} rev-parse --show-prefix`.noThrow(),
    $`git ${READING} config --get-regexp ${"^remote\\..*\\.url$"}`.noThrow(),
    $`git ${READING} remote -v`.noThrow(),
  ]);
  if (!top.success || top.stdout.trim() !== "") return undefined;
  const remotes = new Map<string, { fetch: string[]; push: string[] }>();
  const of = (name: string) => {
    const known = remotes.get(name) ?? { fetch: [], push: [] };
    remotes.set(name, known);
    return known;
  };
  for (const [, name = "", url = ""] of configured.stdout.matchAll(/^remote\.(.+)\.url (.+)$/gm)) {
    of(name).fetch.push(url);
  }
  for (const [, name = "", url = "", kind] of used.stdout.matchAll(USED)) {
    of(name)[kind === "push" ? "push" : "fetch"].push(url);
  }
  return Array.from(remotes, ([name, it]) => ({ name, ...it }));
}

/** A line of `git remote -v`; behind it stands the filter of a partial clone. */
const USED = /^([^\t\n]+)\t(.+) \((fetch|push)\)(?: \[.*\])?$/gm;

/** How {@linkcode remoteOf} chooses. */
export interface RemoteOfOptions {
  /** The repository, as the manifest has it. */
  readonly git: string;
  /** The folder that a relative address is relative to. */
  readonly root: string;
  /** What it is for. */
  readonly to: "fetch" | "push";
  /** The remote to take where several are of the repository. */
  readonly preferred?: string | undefined;
}

/** The name of the remote that is of a repository; undefined where none is. */
export function remoteOf(
  remotes: readonly Remote[],
  { git, root, to, preferred = "origin" }: RemoteOfOptions,
): string | undefined {
  const names = remotes
    .filter((it) => it[to].some((address) => sameRepository(address, git, root)))
    .map((it) => it.name);
  return names.find((it) => it === preferred) ?? names.find((it) => it === "origin") ?? names[0];
}
