/**
 * The version that a package says it has at a tag, which need not be the one in the tag's name.
 *
 * @module
 */

import type { ManifestPackage } from "../manifest/model.ts";
import { prodSource } from "../packages/map_package.ts";
import { parseVersion, type Version } from "../reconcile/versions.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { PinReader } from "./pin_reader.ts";
import { readPinned } from "./read_components.ts";

/**
 * The version at a tag that the remote has, which is asked only for what the cache does not have; undefined where it is
 * computed, or nobody can read it.
 */
export async function statedVersion(
  workspace: Workspace,
  reader: PinReader,
  it: ManifestPackage,
  tag: string,
): Promise<Version | undefined> {
  const source = await prodSource(workspace, { ...it, pin: { tag } }, true);
  const known = await reader.read(source, { online: false });
  const online = known.kind === "unchecked";
  const pinned = online ? await reader.read(source, { online }) : known;
  const { metadata } = await readPinned(workspace, it, { source, pinned, online });
  return metadata?.version === undefined ? undefined : parseVersion(metadata.version);
}
