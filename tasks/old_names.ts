/**
 * What some tasks were called in 0.1; gone in 0.3.
 *
 * @module
 */

import { install } from "./install.ts";
import { sync, type SyncOptions, type SyncResult } from "./sync.ts";

/**
 * Clones, maps, injects and installs.
 *
 * @deprecated It is {@linkcode sync} now.
 */
export const syncWorkspace: typeof sync = sync;

/**
 * Installs what pyproject.toml says as it stands.
 *
 * @deprecated It is {@linkcode install} now.
 */
export const installWorkspace: typeof install = install;

/**
 * How {@linkcode sync} goes about it.
 *
 * @deprecated It is {@linkcode SyncOptions} now.
 */
export type PipelineOptions = SyncOptions;

/**
 * What {@linkcode sync} did.
 *
 * @deprecated It is {@linkcode SyncResult} now.
 */
export type PipelineResult = SyncResult;
