/**
 * From other tools' files to packages of a manifest.
 *
 * @module
 */

import { join } from "@std/path";
import type { Context } from "../../lib/process/context.ts";
import { NAME_PATTERN, normalizeName } from "../../lib/names.ts";
import { mapAll } from "../../lib/process/pool.ts";
import type { ForeignFile, ForeignPackage, Skipped } from "../../lib/adapters/found_packages.ts";
import type { NewPackage } from "./render_manifest.ts";
import { findForeignDistribution, type ResolvedVersion, resolveVersion } from "./resolve.ts";
import { isThere } from "../../lib/files/is_there.ts";

/** The file that something is taken from, relative to the root. */
type Origin = { readonly from: string };

/** What became of a package. */
type Read = (NewPackage | Skipped) & Origin;

/**
 * Makes packages of what other tools' files say; of two that have one name the first counts. Writes nothing.
 *
 * @param options The app's own normalized name, and what is told what is uncertain about a package.
 * @returns The packages, each one once, and what was not taken over.
 */
export async function takeOver(
  context: Context,
  files: readonly ForeignFile[],
  options: {
    readonly own: string | undefined;
    readonly onDoubt: (name: string, doubt: string) => void;
  },
): Promise<{
  readonly packages: readonly (NewPackage & Origin)[];
  readonly skipped: readonly (Skipped & Origin)[];
}> {
  const all = files.flatMap(({ file, packages }) => packages.map((it) => ({ file, it })));
  const skipped: (Skipped & Origin)[] = files.flatMap(({ file, skipped }) =>
    skipped.map((it) => ({ ...it, from: file }))
  );
  const read = await mapAll(all, context.jobs, async ({ file, it }): Promise<Read> => {
    const named = await nameOf(context, it);
    if (typeof named === "string") return { name: it.name, reason: named, from: file };
    const resolved = await resolveVersion(context, it);
    const { pin, doubt = it.doubt } = resolved;
    if (doubt !== undefined) options.onDoubt(named.name, doubt);
    // What follows a branch is worked on; what stands still is installed.
    const mode = it.mode ?? (pin !== undefined && "branch" in pin ? "dev" : "prod");
    const { version: _, defaultBranch: __, doubt: ___, ...rest } = it;
    const checkout = it.checkout ?? (mode === "dev" ? branchToCheckOut(resolved) : undefined);
    return { ...rest, ...named, checkout, pin, mode, from: file };
  });
  const packages = new Map<string, NewPackage & Origin>();
  for (const it of read) {
    const { name, from } = it;
    const key = normalizeName(name);
    const other = packages.get(key);
    if ("reason" in it) skipped.push(it);
    else if (key === options.own) skipped.push({ name, reason: "it is the app itself", from });
    else if (other !== undefined) {
      const reason = other.from === from ? "it comes twice" : `it is taken from ${other.from}`;
      skipped.push({ name, reason, from });
    } else packages.set(key, it);
  }
  return { packages: [...packages.values()], skipped };
}

/** What the other tool checks out, where a clone by itself would check out something else; it may be a tag. */
function branchToCheckOut({ pin, defaultBranch = "main" }: ResolvedVersion): string | undefined {
  const ref = pin === undefined || "rev" in pin ? undefined : "tag" in pin ? pin.tag : pin.branch;
  return ref === defaultBranch ? undefined : ref;
}

type Named = Pick<NewPackage, "name" | "path" | "subdirectory">;

/** The name that a package's distribution has, as far as its checkout is there to be looked into; or why it is none. */
async function nameOf(context: Context, it: ForeignPackage): Promise<Named | string> {
  const path = checkoutOf(context.root, it);
  const found = path === undefined
    ? undefined
    : await findForeignDistribution(context, path, it.subdirectory);
  if (found === "none") return `${path} holds no Python distribution, or several`;
  const name = found?.name ?? it.name;
  if (!NAME_PATTERN.test(name)) return "its name is no name of a distribution";
  return { name, path, subdirectory: found === undefined ? it.subdirectory : found.subdirectory };
}

/** Where the checkout is: `vcs import` is told its folder by hand, and that is `src` by custom. */
function checkoutOf(root: string, { path, mode }: ForeignPackage): string | undefined {
  if (path === undefined || mode !== undefined) return path;
  for (const place of [path, `src/${path}`]) {
    if (isThere(root, join(place, ".git"))) return place;
  }
  return undefined;
}
