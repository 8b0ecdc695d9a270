/**
 * The version that a package says it has at a tag, which need not be the one in the tag's name.
 *
 * @module
 */

import { cacheFolder } from "../cache/cache.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { prodSource } from "../packages/map_package.ts";
import { parseVersion, type Version } from "../reconcile/versions.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { MetadataCache } from "./cache.ts";
import { PinReader } from "./pin_reader.ts";
import { readPinned } from "./read_components.ts";

/** Reads the versions that packages say they have; a remote is asked only for what the cache does not have. */
export class StatedVersions {
  readonly #workspace: Workspace;
  readonly #reader: PinReader;

  /** Reads for the packages of a workspace. */
  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#reader = new PinReader(new MetadataCache(cacheFolder(workspace.env)), workspace, []);
  }

  /** The version at a tag that the remote has; undefined where it is computed, or nobody can read it. */
  async at(tag: string, it: ManifestPackage): Promise<Version | undefined> {
    const source = await prodSource(this.#workspace, { ...it, pin: { tag } }, true);
    const known = await this.#reader.read(source, { online: false });
    const online = known.kind === "unchecked";
    const { metadata } = await readPinned(this.#workspace, this.#reader, it, source, online);
    return metadata?.version === undefined ? undefined : parseVersion(metadata.version);
  }
}
