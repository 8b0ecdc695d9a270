/**
 * The app's pyproject.toml, as what reads metadata takes it.
 *
 * @module
 */

import type { MetadataFile } from "../project/metadata_file.ts";
import type { AppFiles } from "./adapter.ts";

/**
 * The app's own pyproject.toml.
 *
 * @throws {HsmError} `pyproject-invalid` where there is none and has to be one
 */
export async function appFile(files: Pick<AppFiles, "pyproject">): Promise<MetadataFile> {
  return { component: "app", file: "pyproject.toml", text: await files.pyproject() };
}
