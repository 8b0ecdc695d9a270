/**
 * What stands in for something in uv's environment, as it is now.
 *
 * @module
 */

import { join } from "@std/path";
import { entriesOf, sitePackagesOf } from "../../../files/site_packages.ts";
import { normalizeName } from "../../../names.ts";
import type { AdapterContext } from "../../adapter.ts";
import type { LockedPackage } from "../../reader.ts";
import { type FoundStandIn, MARK, peekMark, type StandIn, type Standing } from "../../stand_in.ts";
import { environmentFolder } from "../environment.ts";
import { uvWorkspaceRoot } from "../workspace.ts";
import { basisOf, findExtras, removeExtras } from "./extras.ts";
import { findStanding } from "./find.ts";
import { areExtrasThere, guardedIn, importRoots, peekExtras } from "./guard.ts";
import { GUARD } from "./has_guard.ts";

/** The checkouts that stand in for something. Touches nothing. */
export async function standInsIn(context: AdapterContext): Promise<readonly FoundStandIn[]> {
  const [site] = await sitePackagesOf(await environmentFolder(context.root, context.env));
  if (site === undefined) return [];
  const extras = await findExtras(site);
  return (await entriesOf(site)).flatMap((name): readonly FoundStandIn[] => {
    const [, distribution] = /^(.+)-[^-]+\.dist-info$/.exec(name) ?? [];
    const mark = distribution === undefined ? undefined : peekMark(join(site, name));
    if (distribution === undefined || mark === undefined) return [];
    const found = { key: normalizeName(distribution), folder: mark.path };
    const isGuarded = importRoots(site, name).length > 0;
    const files = { mark: join(site, name, MARK), guard: join(site, GUARD) };
    return [{ ...found, ...files, extras, isGuarded }];
  });
}

/** How packages stand that checkouts are to stand in for, in the same order. Touches nothing. */
export async function standingIn(
  context: AdapterContext,
  standIns: readonly StandIn[],
  locked: readonly LockedPackage[],
): Promise<readonly Standing[]> {
  const [site = ""] = await sitePackagesOf(await environmentFolder(context.root, context.env));
  const guarded = guardedIn(site);
  const found = await findStanding(site, standIns, locked);
  const { basis } = peekExtras(site) ?? {};
  const lock = join(await uvWorkspaceRoot(context.root), "uv.lock");
  const isStale = !await areExtrasThere(site) ||
    (basis !== undefined && basis !== basisOf(lock, standIns));
  return found.map(({ standIn, state }) => ({
    state: state === "ok" && isStale ? "stale-needs" : state,
    hasStoodIn: guarded.has(standIn.key),
  }));
}

/** Removes what only checkouts needed that nobody needs any more. */
export async function settle(environment: string): Promise<void> {
  for (const site of await sitePackagesOf(environment)) {
    await removeExtras(site);
  }
}
