/**
 * Reading the manifest's files from disk.
 *
 * @module
 */

import { join } from "@std/path";
import type { ManifestFiles } from "../manifest/parse.ts";
import type { Manifest } from "../manifest/model.ts";
import type { ManifestParser } from "../manifest/cached_parser.ts";
import { readText } from "../files/read_text.ts";
import { withoutQuotes } from "./links_out.ts";

/** The manifest, with the files it was read from. */
export interface LoadedManifest extends ManifestFiles {
  /** What they say together. */
  readonly manifest: Manifest;
}

/**
 * Reads hsm.yaml and hsm.local.yaml.
 *
 * @param root The app's folder.
 * @param parse How their texts are parsed.
 * @param known What was read before; returned as it is where the files still say the same.
 * @throws {HsmError} `manifest-invalid`
 */
export async function readManifest(
  root: string,
  parse: ManifestParser,
  known?: LoadedManifest,
): Promise<LoadedManifest> {
  try {
    const [shared = "", local] = await Promise.all(
      FILES.map((name) => readText(join(root, name), name, "manifest-invalid")),
    );
    if (known !== undefined && known.shared.text === shared && known.local?.text === local) {
      return known;
    }
    const files = manifestFiles(shared, local);
    return { ...files, manifest: await parse(files) };
  } catch (thrown) {
    throw withoutQuotes(root, FILES, thrown);
  }
}

const FILES = ["hsm.yaml", "hsm.local.yaml"];

/** The manifest's files, by what they say; undefined: there is none. */
export function manifestFiles(shared = "", local?: string): ManifestFiles {
  const files = { shared: { path: "hsm.yaml", text: shared } };
  return local === undefined ? files : { ...files, local: { path: "hsm.local.yaml", text: local } };
}
