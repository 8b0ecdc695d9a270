/**
 * HSM: many Python repositories, worked on as though they were one.
 *
 * @module
 */

export { HsmError } from "./lib/errors.ts";
export type { HsmErrorCode, HsmErrorOptions } from "./lib/errors.ts";
export { normalizeName } from "./lib/names.ts";
export type { GitSource, PathSource, Source, WorkspaceSource } from "./lib/source.ts";
export type { Manifest, ManifestPackage, Mode, Pin } from "./lib/manifest/model.ts";
