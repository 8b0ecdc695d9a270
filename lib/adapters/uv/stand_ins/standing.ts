/**
 * What stands in for something in uv's environment, as it is now.
 *
 * @module
 */

import { join } from "@std/path";
import { isFile } from "../../../files/is_there.ts";
import { entriesOf, sitePackagesOf } from "../../../files/site_packages.ts";
import { normalizeName } from "../../../names.ts";
import type { AdapterContext } from "../../adapter.ts";
import type { LockedPackage } from "../../reader.ts";
import {
  type FoundStandIn,
  MARK,
  peekMark,
  type StandIn,
  type StandInState,
} from "../../stand_in.ts";
import { environmentFolder } from "../environment.ts";
import { findStanding } from "./find.ts";
import { GUARD } from "./has_guard.ts";

/** The checkouts that stand in for something. Touches nothing. */
export async function standInsIn(context: AdapterContext): Promise<readonly FoundStandIn[]> {
  const [site] = await sitePackagesOf(await environmentFolder(context.root, context.env));
  // It is written before anything stands in.
  if (site === undefined || !isFile(join(site, GUARD))) return [];
  return (await entriesOf(site)).flatMap((name): readonly FoundStandIn[] => {
    const [, distribution] = /^(.+)-[^-]+\.dist-info$/.exec(name) ?? [];
    const mark = distribution === undefined ? undefined : peekMark(join(site, name));
    if (distribution === undefined || mark === undefined) return [];
    const found = { key: normalizeName(distribution), folder: mark.path };
    return [{ ...found, mark: join(site, name, MARK) }];
  });
}

/** How packages stand that checkouts are to stand in for, in the same order. Touches nothing. */
export async function standingIn(
  context: AdapterContext,
  standIns: readonly StandIn[],
  locked: readonly LockedPackage[],
): Promise<readonly StandInState[]> {
  const [site] = await sitePackagesOf(await environmentFolder(context.root, context.env));
  return (await findStanding(site ?? "", standIns, locked)).map((it) => it.state);
}
