/**
 * A manifest that has lost its content.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * Makes sure that a manifest without packages means it: an empty file is not a wish to take every package out.
 *
 * @throws {HsmError} `manifest-invalid`
 */
export async function refuseEmptied(workspace: Workspace): Promise<void> {
  if (workspace.manifest.packages.length > 0 || (await workspace.read("hsm.yaml"))?.trim()) return;
  const { adapter } = workspace;
  const owned = await adapter.owned(workspace.filesFor());
  if (owned.length === 0) return;
  throw new HsmError(
    "manifest-invalid",
    `Cannot go by an empty hsm.yaml: ${adapter.edited.join(", ")} has ${owned.join(", ")} from it`,
    { hint: "bring it back, or write `packages: {}` to take them out" },
  );
}
