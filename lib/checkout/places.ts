/**
 * Where checkouts really are: what the manifest's paths say, with all links followed.
 *
 * @module
 */

import { dirname, join, relative } from "@std/path";
import { attempt } from "../attempt.ts";
import type { Context } from "../process/context.ts";
import { HsmError } from "../errors.ts";
import { literal } from "../git/gitmodules.ts";
import { READING } from "../git/reading.ts";
import type { Manifest, ManifestPackage } from "../manifest/model.ts";
import { LOCK_FILE, RESERVED_AT_ROOT } from "../manifest/rules.ts";
import { faultOnWindows } from "../platform/file_names.ts";
import { SYSTEM, type System } from "../platform/system.ts";
import { isInside } from "../platform/paths.ts";
import { realPlace } from "./group.ts";
import { isThere } from "../files/is_there.ts";

/**
 * Makes sure that each of the packages has a place of its own: not the app's, and not in or around another package's. What
 * is still to be made there is to be below the root, unless the path itself leaves it, where the app's repository tracks
 * nothing.
 *
 * Touches nothing.
 *
 * @param packages Packages of the workspace's manifest.
 * @param system The system that the checkouts are for.
 * @throws {HsmError} `checkout-mismatch`
 */
export async function checkPlaces(
  context: Context & { readonly manifest: Manifest },
  packages: readonly ManifestPackage[],
  system: System = SYSTEM,
): Promise<void> {
  const { root, manifest } = context;
  const top = Deno.realPathSync(root);
  const all = manifest.packages.map((it) => ({ it, real: realPlace(join(root, it.path)) }));
  // Of a thousand packages there are a million pairs, none of which is to be found.
  const places = new Set(all.map(({ real }) => real));
  const isNested = all.some(({ real }) => isBelowOneOf(real, places));
  const missing = packages.filter((it) => !isThere(root, it.path));
  for (const { it, real } of all) {
    if (!packages.includes(it)) continue;
    const fault = faultOf(real, top) ??
      (isNested ? all : []).flatMap(({ it: other, real: place }) =>
        liesIn(real, place)
          ? [`it lies in ${other.path}, the checkout of ${other.name}`]
          : liesIn(place, real)
          ? [`${other.path}, the checkout of ${other.name}, lies in it`]
          : []
      )[0];
    if (fault !== undefined) {
      throw refuse(it, `use ${it.path} as the checkout of ${it.name}: ${fault}`);
    }
    if (!missing.includes(it)) continue;
    // A path is refused where it is written; this one comes from the package's name.
    const name = system === "windows" ? faultOnWindows(it.path) : undefined;
    if (name !== undefined) throw refuse(it, `clone ${it.name} into ${it.path}: ${name}`);
    refuseDetour(it, real, { root, top });
  }
  const tracked = await trackedPlace(context, missing);
  if (tracked !== undefined) {
    const { name, path } = tracked;
    throw refuse(tracked, `clone ${name} into ${path}: the app's own repository tracks it`, {
      before: `run \`git rm -r --cached ${path}\`, or `,
    });
  }
}

const liesIn = (path: string, folder: string) => path.startsWith(join(folder, "/"));

function isBelowOneOf(path: string, folders: ReadonlySet<string>): boolean {
  const above = dirname(path);
  return above !== path && (folders.has(above) || isBelowOneOf(above, folders));
}

/** Why a real path cannot be a checkout's. */
function faultOf(real: string, top: string): string | undefined {
  if (real === top) return "it is the app's own folder";
  const first = relative(top, real).split(/[\\/]/)[0] ?? "";
  return first === ".git" || RESERVED_AT_ROOT.includes(first) || first.endsWith(LOCK_FILE)
    ? `it lies in the app's ${first}`
    : undefined;
}

/** What is on the way to a place where there is nothing yet. */
function refuseDetour(
  it: ManifestPackage,
  real: string,
  { root, top }: { readonly root: string; readonly top: string },
): void {
  const action = `clone ${it.name} into ${it.path}`;
  if (!it.path.startsWith("../") && !liesIn(real, top)) {
    throw refuse(it, `${action}: a link on the way leads out of the app's folder`, {
      before: "remove the link, or ",
    });
  }
  for (let folder = dirname(real); folder !== dirname(folder); folder = dirname(folder)) {
    const stat = attempt(() => Deno.statSync(folder));
    if (stat?.isDirectory) return;
    if (stat === undefined) continue;
    throw refuse(it, `${action}: ${relative(root, folder)} is a file`);
  }
}

/** The first of the packages whose place the app's own repository tracks. */
async function trackedPlace(
  { $ }: Context,
  packages: readonly ManifestPackage[],
): Promise<ManifestPackage | undefined> {
  const inside = packages.filter((it) => !it.path.startsWith("../"));
  if (inside.length === 0) return undefined;
  const paths = inside.map((it) => literal(it.path));
  const listed = await $`git ${READING} ls-files -z --cached -- ${paths}`.noThrow().text();
  const tracked = listed.split("\0");
  return inside.find(({ path }) => tracked.some((file) => isInside(file, path)));
}

function refuse(
  { name, path }: ManifestPackage,
  problem: string,
  { before = "" }: { readonly before?: string } = {},
): HsmError {
  return new HsmError("checkout-mismatch", `Cannot ${problem}`, {
    hint: `${before}set \`path\` of ${name} in hsm.local.yaml to where it is to be`,
    details: { package: name, path },
  });
}
