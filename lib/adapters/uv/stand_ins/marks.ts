/**
 * What stands in in an environment, by HSM's marks alone, for whoever has nothing to do with it otherwise.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { isFile } from "../../../files/is_there.ts";
import { entriesOf, sitePackagesOf } from "../../../files/site_packages.ts";
import { MARK, metadataDigest, peekMark } from "../../stand_in.ts";
import { hasGuard } from "./has_guard.ts";
import { isWhole } from "./record.ts";

/** What a file is called in the folder of the distributions until it has its place: a kill may leave it there. */
export const TEMPORARY = "_hsm.tmp";

/** The marks of what stands in, absolute and sorted; somebody may have removed the guard. Touches nothing. */
export async function marksIn(environment: string): Promise<readonly string[]> {
  const [site] = await sitePackagesOf(environment);
  if (site === undefined) return [];
  const folders = (await entriesOf(site)).filter((it) => it.endsWith(".dist-info"));
  return folders.map((it) => join(site, it, MARK)).filter(isFile);
}

/**
 * Whether these stand in in an environment, and no others: guarded, with the metadata that they have, and with nothing left
 * of a kill. Touches nothing.
 */
export async function areStanding(
  environment: string,
  marks: readonly string[],
): Promise<boolean> {
  const [found, sites] = [await marksIn(environment), await sitePackagesOf(environment)];
  const isNoted = found.join("\n") === marks.toSorted().join("\n") &&
    await hasGuard(environment) === (marks.length > 0) &&
    !sites.some((it) => isFile(join(it, TEMPORARY)));
  return isNoted && found.every((it) => {
    const mark = peekMark(dirname(it));
    return mark !== undefined && mark.digest === metadataDigest(mark.path) &&
      isWhole(dirname(dirname(it)), basename(dirname(it)));
  });
}
