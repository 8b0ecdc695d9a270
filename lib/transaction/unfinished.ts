/**
 * Files that a program began beside those it writes, and that a kill kept it from giving their names.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import type { FileLayer } from "../files/layer.ts";
import type { JournalEvent, JournalRecord, Journals } from "./journal.ts";

/** Looks which there are beside files, which are relative to the root, as what is found is. */
export function findUnfinished(
  { root, layer }: Pick<Journals, "root" | "layer">,
  files: readonly string[],
  name: RegExp,
): readonly string[] {
  const folders = new Set(files.map((file) => dirname(file)));
  return [...folders].flatMap((folder) =>
    layer.list(resolve(root, folder)).filter((it) => name.test(it)).map((it) => join(folder, it))
  );
}

/** Removes those that the programs of a transaction have left. */
export function removeUnfinished(
  journals: Journals,
  record: JournalRecord,
  events: readonly JournalEvent[],
): void {
  const { root, layer } = journals;
  const atStake = new Set(record.files.map((it) => it.file));
  for (const event of events) {
    if (event.event !== "starting" || event.unfinished === undefined) continue;
    const { name, there } = event.unfinished;
    const files = event.files.filter((file) => atStake.has(file));
    for (const path of findUnfinished(journals, files, new RegExp(name))) {
      if (there.includes(path) || !isFile(layer, resolve(root, path))) continue;
      layer.unlink(resolve(root, path));
    }
  }
}

function isFile(layer: FileLayer, path: string): boolean {
  return layer.facts(path)?.kind === "file";
}
