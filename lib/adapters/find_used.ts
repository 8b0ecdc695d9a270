/**
 * The package managers that an app is used with.
 *
 * @module
 */

import type { AppFiles, CompleteAdapter } from "./adapter.ts";
import { loadAdapters } from "./load.ts";
import { SURENESS, type Usage } from "./usage.ts";

/** A package manager that an app is used with. */
export interface UsedAdapter {
  /** The package manager. */
  readonly adapter: CompleteAdapter;
  /** What shows it. */
  readonly usage: Usage;
}

/**
 * Those that an app is used with so far, the surest first, equally sure ones in their order.
 *
 * @param env The environment of programs.
 * @param names What lies in the app's folder.
 */
export async function findUsed(
  env: Readonly<Record<string, string>>,
  files: AppFiles,
  names: ReadonlySet<string>,
): Promise<readonly UsedAdapter[]> {
  const found = await Promise.all((await loadAdapters(env)).map(async (adapter) => {
    const usage = await adapter.usageIn(files, names);
    return usage === undefined ? [] : [{ adapter, usage }];
  }));
  const rank = ({ usage }: UsedAdapter) => SURENESS.indexOf(usage.sureness);
  return found.flat().toSorted((one, other) => rank(one) - rank(other));
}
