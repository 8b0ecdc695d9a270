/**
 * HSM's own folder in the root.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import type { FileLayer } from "./layer.ts";

/** Its name. */
export const STATE_FOLDER = ".hsm";

/**
 * Makes HSM's own folder where it is missing, and has git ignore it.
 *
 * @throws {HsmError} `io` when it is a link or no folder: what is written there must stay in the root.
 */
export function makeStateFolder(layer: FileLayer, root: string): void {
  const folder = join(root, STATE_FOLDER);
  const kind = layer.facts(folder)?.kind;
  if (kind === undefined) {
    layer.makeFolder(folder, 0o777);
    layer.syncFolder(root);
  } else if (kind !== "folder") {
    throw new HsmError(
      "io",
      `Cannot use ${folder}: it is ${kind === "link" ? "a link" : "no folder"}`,
      {
        hint: "remove it; HSM makes the folder itself",
        details: { path: folder },
      },
    );
  }
  const ignore = join(folder, ".gitignore");
  // As a virtual environment has it: the app's own .gitignore needs no line for it.
  if (layer.facts(ignore) === null) {
    attempt(() => layer.create(ignore, new TextEncoder().encode("*\n"), 0o666));
  }
}
