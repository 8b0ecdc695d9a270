/**
 * What is asked for: of what the packages need, what belongs to no extra, or to one that somebody asks for.
 *
 * @module
 */

import type { Need } from "../../lib/adapters/reader.ts";
import { normalizeName } from "../../lib/names.ts";
import { parseRequirement } from "../../lib/versions/requirement.ts";

/**
 * Reads requirements (PEP 508). Those that cannot be read are left out: the check tells of them.
 *
 * @param extra The extra that they belong to.
 */
export function readNeeds(requirements: readonly string[], extra?: string): readonly Need[] {
  return requirements.map(parseRequirement).flatMap((parsed) => {
    if (!parsed.ok) return [];
    const { key, specifier: versions, extras } = parsed.value;
    return [{ key, versions, extras, extra: extra === undefined ? extra : normalizeName(extra) }];
  });
}

/**
 * Leaves out what belongs to an extra that nobody asks for.
 *
 * @param projects What each project needs, by normalized name.
 */
export function askedNeeds(
  projects: ReadonlyMap<string, readonly Need[]>,
): ReadonlyMap<string, readonly Need[]> {
  const asked = new Map([...projects.keys()].map((key) => [key, new Set<string>()]));
  const isAsked = (key: string, { extra }: Need) =>
    extra === undefined || asked.get(key)!.has(extra);
  const queue = new Set(projects.keys());
  for (const key of queue) {
    queue.delete(key);
    for (const need of projects.get(key)!) {
      const extras = asked.get(need.key);
      if (extras === undefined || !isAsked(key, need)) continue;
      const before = extras.size;
      for (const extra of need.extras) extras.add(extra);
      if (extras.size > before) queue.add(need.key);
    }
  }
  return new Map(
    [...projects].map(([key, needs]) => [key, needs.filter((need) => isAsked(key, need))]),
  );
}
