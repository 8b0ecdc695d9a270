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
 * @deprecated Since 0.2: it is {@linkcode sync} now; gone in 0.3.
 */
export const syncWorkspace: typeof sync = sync;

/**
 * Installs what pyproject.toml says as it stands.
 *
 * @deprecated Since 0.2: it is {@linkcode install} now; gone in 0.3.
 */
export const installWorkspace: typeof install = install;

/**
 * How {@linkcode sync} goes about it.
 *
 * @deprecated Since 0.2: it is {@linkcode SyncOptions} now; gone in 0.3.
 */
export type PipelineOptions = SyncOptions;

/**
 * What {@linkcode sync} did.
 *
 * @deprecated Since 0.2: it is {@linkcode SyncResult} now; gone in 0.3.
 */
export type PipelineResult = SyncResult;
