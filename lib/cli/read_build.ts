/**
 * Finding out what this program was made from.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { Build } from "../command/build.ts";
import { sourceCommit } from "../git/source_commit.ts";

/** In the executable the commit stands in the place of this name, which `deno task compile` puts there. */
declare const HSM_COMMIT: string | undefined;

/** What this program was made from, and runs on. */
export async function readBuild(): Promise<Build> {
  const baked = typeof HSM_COMMIT === "undefined" ? undefined : HSM_COMMIT;
  const isCheckout = !Deno.build.standalone && import.meta.url.startsWith("file:");
  const asked = async () => await sourceCommit(fromFileUrl(new URL("../..", import.meta.url)));
  const commit = baked ?? (isCheckout ? await asked() : undefined);
  return { commit, target: Deno.build.target, deno: Deno.version.deno };
}
