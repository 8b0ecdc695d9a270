/**
 * A new file, written whole.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { createLike } from "./content.ts";
import { errnoOf, type FileLayer, ioError, realFiles } from "./files.ts";
import { attempt, encode } from "./journal.ts";

/**
 * Writes a file that is not there yet: it appears with all its bytes on the disk, or not at all. A file that somebody else
 * made meanwhile is not overwritten.
 *
 * @throws {HsmError} `io`
 */
export function writeNewFile(path: string, text: string, layer: FileLayer = realFiles()): void {
  const temporary = join(dirname(path), `.hsm-new-${basename(path)}`);
  try {
    layer.unlink(temporary);
    createLike(layer, temporary, encode(text), null);
    // A second name, unlike a rename, never replaces what is there; not every file system has them.
    try {
      layer.link(temporary, path);
    } catch (error) {
      if (errnoOf(error) === "EEXIST" || layer.facts(path) !== null) throw error;
      layer.rename(temporary, path);
    }
    layer.syncFolder(dirname(path));
  } catch (error) {
    throw ioError(`write ${basename(path)}`, path, error);
  } finally {
    attempt(() => layer.unlink(temporary));
  }
}
