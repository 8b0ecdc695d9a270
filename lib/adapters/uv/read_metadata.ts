/**
 * What packages say of themselves, with where uv takes their requirements from.
 *
 * @module
 */

import type { MetadataFile, MetadataResult } from "../../project/metadata_file.ts";
import { readMetadata as readWith } from "../../project/read_metadata.ts";
import type { SetupPy } from "../../project/setup_cfg.ts";
import { readSources } from "./read_sources.ts";

/**
 * Reads a distribution's metadata: `[project]` (PEP 621) or Poetry's tables in a pyproject.toml, or a setup.cfg.
 *
 * A setup.py is a program; it is not run, and its metadata stays unchecked.
 *
 * @example
 * ```ts
 * import { readMetadata } from "./read_metadata.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { metadata } = readMetadata({
 *   component: "plug-a",
 *   file: "packages/plug-a/pyproject.toml",
 *   text: '[project]\nname = "plug-a"\nversion = "1.2.0"\ndependencies = ["idna>=3"]\n',
 * });
 * assertEquals(metadata?.version, "1.2.0");
 * assertEquals(metadata?.dependencies, ["idna>=3"]);
 * ```
 *
 * @param file The file.
 * @param setupPy What kind of setup.py lies beside a setup.cfg.
 * @returns The metadata, and everything that is wrong with the file.
 */
export function readMetadata(file: MetadataFile, setupPy: SetupPy = "none"): MetadataResult {
  return readWith(file, setupPy, readSources);
}
