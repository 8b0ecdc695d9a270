/**
 * Whether anything may stand in for something, for whoever has nothing to do with it otherwise.
 *
 * @module
 */

import { join } from "@std/path";
import { exists } from "../../../files/is_there.ts";
import { sitePackagesOf } from "../../../files/site_packages.ts";

/** The file of an environment that tells Python of checkouts, when it starts (the `site` module's `.pth` files). */
export const GUARD = "_hsm.pth";

/** The folder beside it, with what only checkouts need. */
export const EXTRAS = "_hsm";

/** What of it is being installed; a kill may leave it. */
export const UNFINISHED = "new";

/** Whether an environment has one of them: the guard is written before anything stands in, and goes first. Touches nothing. */
export async function hasGuard(environment: string): Promise<boolean> {
  const [site] = await sitePackagesOf(environment);
  return site !== undefined && [GUARD, EXTRAS].some((it) => exists(join(site, it)));
}
