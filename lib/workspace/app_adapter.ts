/**
 * The package manager of an app.
 *
 * @module
 */

import type { CompleteAdapter } from "../adapters/adapter.ts";
import { loadAdapter } from "../adapters/load.ts";
import { manifestParser } from "../manifest/cached_parser.ts";
import { readManifest } from "./read_manifest.ts";
import { findIrregular } from "./regular_files.ts";

/** The one that the manifest names, as far as it can be read, else the default. Touches nothing. */
export async function adapterOf(
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<CompleteAdapter> {
  if (findIrregular(root).length > 0) return await loadAdapter(env);
  const parse = manifestParser(root, env, { keeps: false });
  const name = await readManifest(root, parse).then((it) => it.manifest.adapter, () => undefined);
  return await loadAdapter(env, name);
}
