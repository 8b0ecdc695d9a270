/**
 * What to do about a place that a package cannot be had from, where no line of hsm.yaml names it.
 *
 * @module
 */

import { normalizeName } from "../../lib/names.ts";
import { mapAll } from "../../lib/process/pool.ts";
import { nameOf } from "../../lib/reconcile/problem.ts";
import { Survey } from "../../lib/survey/survey.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";

/**
 * The way out, with the lines in components' files that say where the package comes from. Asks no remote.
 *
 * @returns undefined where hsm.yaml names the package, or no line is known.
 */
export async function hintOfPlace(
  workspace: Workspace,
  name: string,
): Promise<string | undefined> {
  const key = normalizeName(name);
  const { packages } = workspace.manifest;
  if (packages.some((it) => it.key === key)) return undefined;
  await using survey = new Survey(workspace, { asks: "none" });
  const components = await mapAll(packages, workspace.jobs, survey.component);
  const lines = components.flatMap(({ metadata }) => metadata?.sources ?? [])
    .filter((it) => normalizeName(it.name) === key)
    .map(nameOf);
  if (lines.length === 0) return undefined;
  return `name ${name} in hsm.yaml, whose source then counts for all; ` +
    `now ${[...new Set(lines)].join(" and ")} say${
      lines.length === 1 ? "s" : ""
    } where it comes from`;
}
