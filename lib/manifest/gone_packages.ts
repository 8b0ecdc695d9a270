/**
 * Personal settings for packages that have left the shared manifest.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { editManifest } from "./edit.ts";
import { checkFile } from "./parse.ts";

/**
 * Takes packages out of hsm.local.yaml that hsm.yaml knew and knows no more: they would be an error there. What it never
 * knew stays, and is one. Pure.
 *
 * @param local The text of hsm.local.yaml.
 * @param shared The text of hsm.yaml as it is now.
 * @param known The packages that it knew before.
 * @returns Its text, undefined where there is none any more, and the packages that were taken out of it.
 */
export function withoutGone(
  local: string | undefined,
  shared: string,
  known: readonly string[],
): { readonly text: string | undefined; readonly gone: readonly string[] } {
  const names = checkFile({ path: "hsm.yaml", text: shared })?.names;
  if (local === undefined || names === undefined) return { text: local, gone: [] };
  const now = new Set(names.map(normalizeName));
  const personal = checkFile({ path: "hsm.local.yaml", text: local })?.names.map(normalizeName);
  const gone = known.filter((it) =>
    !now.has(normalizeName(it)) && personal?.includes(normalizeName(it))
  );
  if (gone.length === 0) return { text: local, gone };
  const edits = gone.map((name) => ({ kind: "remove-package", package: name }) as const);
  const text = editManifest({ path: "hsm.local.yaml", text: local }, edits);
  return { text: text === "" ? undefined : text, gone };
}
