/**
 * Whether all is in line, asked of the workspace as it is.
 *
 * @module
 */

import { join } from "@std/path";
import type { CheckoutReading } from "../checkout/state.ts";
import { missingSubmodules, wantsSubmodules } from "../checkout/submodules.ts";
import type { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { installedOf, type InstalledPackage } from "../packages/installed.ts";
import { lockedCommits } from "../packages/locked.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Difference, type Facts, findDifferences } from "./differences.ts";
import type { Outlook } from "./outlook.ts";

/** What was found of the checkouts and pyproject.toml. */
export interface Found extends Pick<Facts, "isRewritten" | "changes"> {
  /** The packages that are looked at. */
  readonly packages: readonly ManifestPackage[];
  /** What lies at the places of the checkouts, by the packages' keys; left out where that is told elsewhere. */
  readonly checkouts?: ReadonlyMap<string, FoundCheckout>;
  /** Why it is not known where packages come from, by their keys. */
  readonly unmapped?: ReadonlyMap<string, HsmError>;
}

/** What lies at the place of a checkout. */
export interface FoundCheckout {
  /** Whether it is one. */
  readonly reading?: CheckoutReading;
  /** The submodules that it is to have and has not. */
  readonly missing?: readonly string[] | undefined;
}

/** All that is not in line, and what is installed of the packages, by their keys. */
export async function judge(
  workspace: Workspace,
  { packages, checkouts, unmapped, isRewritten, changes }: Found,
  outlook: Outlook,
): Promise<{
  readonly differences: readonly Difference[];
  readonly installed: ReadonlyMap<string, InstalledPackage>;
}> {
  const { root, adapter } = workspace;
  const keys = new Set(packages.map((it) => it.key));
  const [installed, locked, uses] = await Promise.all([
    installedOf(workspace, keys),
    lockedCommits(workspace),
    adapter.uses(workspace.filesFor()),
  ]);
  const known = new Map(packages.map(({ key }) => [key, {
    checkout: checkouts?.get(key)?.reading,
    missingSubmodules: checkouts?.get(key)?.missing,
    unmapped: unmapped?.get(key),
    source: uses.get(key),
    installed: installed.get(key),
    locked: locked.get(key),
  }]));
  const facts = { root, packages, known, isRewritten, changes, ...outlook };
  return { differences: findDifferences(facts), installed };
}

/** What there is to say of checkouts of which only it is known whether they are there. */
export async function lookAtCheckouts(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  checkouts: readonly { readonly package: string; readonly state: string }[],
): Promise<ReadonlyMap<string, FoundCheckout>> {
  const found = new Map<string, FoundCheckout>();
  for (const { key, name, path } of packages) {
    const state = checkouts.find((it) => it.package === name)?.state;
    if (state === "missing") found.set(key, { reading: { kind: "missing" } });
    else if (state !== undefined && wantsSubmodules(workspace.manifest, path)) {
      found.set(key, { missing: await missingSubmodules(workspace, join(workspace.root, path)) });
    }
  }
  return found;
}
