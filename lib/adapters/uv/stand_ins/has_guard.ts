/**
 * Whether anything may stand in for something, for whoever has nothing to do with it otherwise.
 *
 * @module
 */

import { join } from "@std/path";
import { isFile } from "../../../files/is_there.ts";
import { sitePackagesOf } from "../../../files/site_packages.ts";

/** The file of an environment that tells Python of checkouts, when it starts (the `site` module's `.pth` files). */
export const GUARD = "_hsm.pth";

/** Whether an environment has one: it is written before anything stands in. Touches nothing. */
export async function hasGuard(environment: string): Promise<boolean> {
  const [site] = await sitePackagesOf(environment);
  return site !== undefined && isFile(join(site, GUARD));
}
