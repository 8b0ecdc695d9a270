/**
 * Where the distributions of packages lie that have just been added: found in their checkouts, and written down.
 *
 * @module
 */

import { findDistribution } from "../checkout/distribution.ts";
import { hasCheckout } from "../checkout/verify.ts";
import { HsmError } from "../errors.ts";
import type { ManifestEdit } from "../manifest/edit.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * Stages `subdirectory` in hsm.yaml for the packages that this run has added and whose checkout has the distribution in a
 * folder: without it prod mode, which has no checkout to look into, would not find it.
 */
export async function noteSubdirectories(workspace: Workspace): Promise<void> {
  const added = workspace.addedPackages.filter((it) =>
    it.mode === "dev" && it.subdirectory === undefined && hasCheckout(workspace.root, it.path)
  );
  const edits: ManifestEdit[] = [];
  for (const it of added) {
    const folder = await distributionOf(workspace, it);
    if (folder === undefined || folder === it.path) continue;
    const value = folder.slice(it.path.length + 1);
    edits.push({ kind: "set-package-key", package: it.name, key: "subdirectory", value });
    workspace.reporter.info(`Found ${it.name} in the folder ${value} of its repository`);
  }
  if (edits.length > 0) await workspace.editManifest(edits, { shared: true });
}

/** The folder of a distribution; that there is none is for the mapping to say. */
async function distributionOf(
  workspace: Workspace,
  it: ManifestPackage,
): Promise<string | undefined> {
  try {
    return await findDistribution(workspace, it);
  } catch (error) {
    if (error instanceof HsmError && error.code === "source-not-found") return undefined;
    throw error;
  }
}
