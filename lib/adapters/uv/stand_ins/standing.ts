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
import { findExtras, removeExtras } from "./extras.ts";
import { findStanding } from "./find.ts";
import { guardedIn, importRoots } from "./guard.ts";
import { GUARD } from "./has_guard.ts";

/** The checkouts that stand in for something. Touches nothing. */
export async function standInsIn(context: AdapterContext): Promise<readonly FoundStandIn[]> {
  const [site] = await sitePackagesOf(await environmentFolder(context.root, context.env));
  if (site === undefined) return [];
  const [extras] = (await findExtras(site))?.folders ?? [];
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
  return found.map(({ standIn, state }) => ({ state, hasStoodIn: guarded.has(standIn.key) }));
}

/** The folder of what only checkouts need, absolute; undefined where they need nothing. Touches nothing. */
export async function extrasFor({ root, env }: AdapterContext): Promise<string | undefined> {
  const [site] = await sitePackagesOf(await environmentFolder(root, env));
  return site === undefined ? undefined : (await findExtras(site))?.folders[0];
}

/** Removes what only checkouts needed that nobody needs any more. */
export async function settle(environment: string): Promise<void> {
  for (const site of await sitePackagesOf(environment)) {
    await removeExtras(site);
  }
}
