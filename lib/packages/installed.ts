/**
 * What is installed in the app's environment, read from the environment's own metadata; Python is not run.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { attempt } from "../attempt.ts";
import type { Environment } from "../adapters/reader.ts";
import { peekMark } from "../adapters/stand_in.ts";
import { normalizeName } from "../names.ts";
import { SYSTEM, type System } from "../platform/system.ts";
import { peekText } from "../files/read_file.ts";
import { entriesOf, sitePackagesOf } from "../files/site_packages.ts";
import { redact } from "../text/redact.ts";
import { asTable, textOf } from "../table.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Where an installed distribution came from (PEP 610). */
export type Origin =
  /** A folder on this disk, absolute; `editable`: Python imports from it. */
  | { readonly kind: "folder"; readonly path: string; readonly editable: boolean }
  /** A commit of a git repository. */
  | {
    readonly kind: "git";
    readonly url: string;
    readonly commit: string;
    /** The tag, branch or commit that was asked for. */
    readonly requested: string | undefined;
    readonly subdirectory: string | undefined;
  }
  /** A checkout that stands in for what is locked. */
  | {
    readonly kind: "stand-in";
    /** The folder of the distribution in the checkout, absolute. */
    readonly path: string;
    /** What it stands in for: a tag, a branch, a commit, or a version. */
    readonly for: string;
    /**
     * Whether it is no longer imported as soon as something else is installed in its place; left out: it is until the next
     * sync, which lets it stand in again.
     */
    readonly unguarded?: true;
  }
  /** An archive at a URL. */
  | { readonly kind: "archive"; readonly url: string }
  /** An index such as PyPI; the specification has no direct_url.json for it. */
  | { readonly kind: "index" };

/** An installed distribution. */
export interface InstalledPackage {
  /** Its version. */
  readonly version: string;
  /** Where it came from. */
  readonly origin: Origin;
}

/**
 * Reads what is installed of some packages in the app's environment. Touches nothing.
 *
 * @param keys The normalized names (PEP 503) of the packages.
 * @returns By normalized name; a package that is not installed is left out.
 */
export async function installedOf(
  { adapter, adapterContext }: Pick<Workspace, "adapter" | "adapterContext">,
  keys: ReadonlySet<string>,
): Promise<ReadonlyMap<string, InstalledPackage>> {
  const environment = await adapter.environment(adapterContext);
  if (environment === undefined) return new Map();
  const installed = await readInstalled(environment, keys);
  if (![...installed.values()].some(({ origin }) => origin.kind === "stand-in")) return installed;
  const found = await adapter.standIns(adapterContext);
  const unguarded = new Set(found.filter((it) => !it.isGuarded).map((it) => it.key));
  return new Map([...installed].map(([key, { version, origin }]) => {
    const isOpen = origin.kind === "stand-in" && unguarded.has(key);
    return [key, { version, origin: isOpen ? { ...origin, unguarded: true } : origin }] as const;
  }));
}

/** {@linkcode installedOf}, in an environment that is known; `system`: the one that has made it. */
export async function readInstalled(
  { folder, sitePackages }: Environment,
  keys: ReadonlySet<string>,
  system: System = SYSTEM,
): Promise<ReadonlyMap<string, InstalledPackage>> {
  const folders: (readonly [string, string])[] = [];
  for (const site of sitePackages ?? await sitePackagesOf(folder, system)) {
    for (const name of await entriesOf(site)) {
      const [, distribution = ""] = /^(.+)-[^-]+\.dist-info$/.exec(name) ?? [];
      const key = normalizeName(distribution);
      if (keys.has(key)) folders.push([key, join(site, name)]);
    }
  }
  return new Map(folders.flatMap(([key, folder]) => {
    const found = readDistInfo(folder);
    return found === undefined ? [] : [[key, found] as const];
  }));
}

/** What a `.dist-info` folder says; undefined where it has no readable METADATA, as after a broken uninstall. */
function readDistInfo(folder: string): InstalledPackage | undefined {
  // Of a hundred small files each takes the disk a moment, and a turn of the event loop longer.
  const metadata = peekText(join(folder, "METADATA")) ?? "";
  const [headers = ""] = metadata.split(/\r?\n\r?\n/, 1);
  const version = /^version:[ \t]*(\S+)/im.exec(headers)?.[1];
  if (version === undefined) return undefined;
  const direct = peekText(join(folder, "direct_url.json"));
  const origin: Origin = direct === undefined ? { kind: "index" } : parseDirectUrl(direct);
  // What the package manager takes it for is beside it, and is not what it is.
  const mark = peekMark(folder);
  if (mark === undefined) return { version, origin };
  const locked = /-([^-]+)\.dist-info$/.exec(folder)?.[1] ?? version;
  const stoodFor = origin.kind === "git" ? origin.requested ?? origin.commit : locked;
  return { version, origin: { kind: "stand-in", path: mark.path, for: stoodFor } };
}

/** Reads a direct_url.json (PEP 610). What is none says nothing, as though it were not there. */
export function parseDirectUrl(text: string): Origin {
  const data = asTable(attempt(() => JSON.parse(text)));
  const [folder, vcs] = [data?.["dir_info"], data?.["vcs_info"]].map(asTable);
  if (typeof data?.["url"] !== "string") return { kind: "index" };
  const url = redact(data["url"]);
  if (vcs !== undefined) {
    const { commit_id: commit, requested_revision: requested } = vcs;
    if (typeof commit !== "string") return { kind: "index" };
    return {
      kind: "git",
      url,
      commit,
      requested: textOf(requested),
      subdirectory: textOf(data["subdirectory"]),
    };
  }
  if (folder === undefined) return { kind: "archive", url };
  return { kind: "folder", path: pathOf(url), editable: folder["editable"] === true };
}

function pathOf(url: string): string {
  return attempt(() => fromFileUrl(url).replace(/(?<=.)\/+$/, "")) ?? url;
}
