/**
 * The package manager of an app.
 *
 * @module
 */

import type { CompleteAdapter } from "../adapters/adapter.ts";
import { loadAdapter } from "../adapters/load.ts";
import { knownWith } from "../manifest/adapter_names.ts";
import { manifestParser } from "../manifest/cached_parser.ts";
import type { Manifest } from "../manifest/model.ts";
import { readManifest } from "./read_manifest.ts";
import { findIrregular } from "./regular_files.ts";

/** A package manager, and the environment that it is to use. */
export interface AppManager extends Pick<Manifest, "environment"> {
  readonly adapter: CompleteAdapter;
}

/**
 * What the manifest names, as far as it can be read, else the default. Touches nothing.
 *
 * @param own One that a script brings, which counts whatever the manifest names.
 */
export async function managerOf(
  root: string,
  env: Readonly<Record<string, string>>,
  own?: CompleteAdapter,
): Promise<AppManager> {
  const parse = manifestParser(root, env, {
    keeps: false,
    adapters: own && knownWith(own),
  });
  const manifest = findIrregular(root).length > 0
    ? undefined
    : await readManifest(root, parse).then((it) => it.manifest, () => undefined);
  return {
    adapter: own ?? await loadAdapter(env, manifest?.adapter),
    environment: manifest?.environment,
  };
}
