/**
 * What HSM has installed in an environment that is not HSM's alone, and what pylock.hsm.toml has no more.
 *
 * @module
 */

import { join } from "@std/path";
import { peekText } from "../../files/read_file.ts";
import { entriesOf, sitePackagesOf } from "../../files/site_packages.ts";
import { normalizeName, requirementName } from "../../names.ts";
import { comparisonsOf } from "../../versions/marker.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { PipEnvironment } from "./environment.ts";
import { readMark } from "./mark.ts";

/**
 * The packages that are to go, by normalized name. What something else in the environment requires stays, and is not HSM's
 * any more: with it would go what others have installed there. Touches nothing.
 *
 * @param locked What the lock file has.
 */
export async function findLeftOver(
  { folder, needs }: Pick<PipEnvironment, "folder" | "needs">,
  locked: readonly string[],
): Promise<readonly string[]> {
  const { isMade, installed } = readMark(folder);
  const left = new Set(isMade ? [] : installed.filter((it) => !locked.includes(it)));
  if (left.size === 0) return [];
  const required = await requirementsIn(folder);
  const keep = (names: readonly string[]) => {
    for (const it of names) {
      if (left.delete(it)) keep(required.get(it) ?? []);
    }
  };
  keep(((await needs?.()) ?? []).flatMap((it) => requirementName(it) ?? []));
  // What a package of the lock file requires is in the lock file itself.
  const others = [...required.keys()].filter((it) => !left.has(it) && !locked.includes(it));
  for (const it of others) keep(required.get(it) ?? []);
  return installed.filter((it) => left.has(it));
}

/** What each distribution in an environment requires, by normalized names, without what only an extra of it asks for. */
async function requirementsIn(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const site of await sitePackagesOf(folder)) {
    for (const name of await entriesOf(site)) {
      if (!name.endsWith(".dist-info")) continue;
      const [head = ""] = (peekText(join(site, name, "METADATA")) ?? "").split(/\r?\n\r?\n/);
      const own = /^Name:\s*(\S+)/m.exec(head)?.[1];
      if (own === undefined) continue;
      const requirements = [...head.matchAll(/^Requires-Dist:\s*(.+)$/gm)];
      found.set(normalizeName(own), requirements.flatMap(([, text = ""]) => always(text)));
    }
  }
  return found;
}

function always(text: string): readonly string[] {
  const parsed = parseRequirement(text.trim());
  if (!parsed.ok) return [];
  const { key, marker } = parsed.value;
  const isOfExtra = marker !== undefined &&
    [...comparisonsOf(marker)].some(({ variable }) => variable === "extra");
  return isOfExtra ? [] : [key];
}
