/**
 * What the package manager is told, as the manifest wants it.
 *
 * @module
 */

import type { Needs, PackageSource, Written } from "../adapters/adapter.ts";
import { normalizeName } from "../names.ts";
import type { CheckoutFiles } from "../workspace/checkout_files.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * What the files that HSM writes into become with the given sources, in memory. Packages of the manifest that are not
 * among them stay as they are.
 *
 * @param needs Default: what follows from what HSM wrote before.
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function planInjection(
  workspace: Workspace,
  sources: readonly PackageSource[],
  needs?: Needs,
  checkouts?: CheckoutFiles,
): Promise<Written> {
  const mapped = new Map(sources.map((it) => [normalizeName(it.package), it.source]));
  const packages = workspace.manifest.packages.map((it) => ({ ...it, source: mapped.get(it.key) }));
  return await workspace.adapter.write(workspace.filesFor(checkouts), { packages, needs });
}
