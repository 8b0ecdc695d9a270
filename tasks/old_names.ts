/**
 * What some tasks were called in 0.1; gone in 0.3.
 *
 * @module
 */

import type { Workspace } from "../lib/workspace/workspace.ts";
import { carryOut, type SyncOptions, type SyncResult } from "./carry_out.ts";
import { install } from "./install.ts";

/**
 * Clones, maps, injects and installs, whatever was injected before.
 *
 * @deprecated Since 0.2: it is {@linkcode sync} now; gone in 0.3.
 */
export async function syncWorkspace(
  workspace: Workspace,
  options: SyncOptions = {},
): Promise<SyncResult> {
  return await carryOut(workspace, options);
}

/**
 * Installs what pyproject.toml says as it stands.
 *
 * @deprecated Since 0.2: it is {@linkcode install} now; gone in 0.3.
 */
export const installWorkspace: typeof install = install;

/**
 * How `sync` goes about it.
 *
 * @deprecated Since 0.2: it is {@linkcode SyncOptions} now; gone in 0.3.
 */
export type PipelineOptions = SyncOptions;

/**
 * What `sync` did.
 *
 * @deprecated Since 0.2: it is {@linkcode SyncResult} now; gone in 0.3.
 */
export type PipelineResult = SyncResult;
